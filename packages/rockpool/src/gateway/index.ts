export { loadRoutes } from './contract-routes.ts'
export { asksForNothing } from './security.ts'
export type { RoutedOperation, RouteReading } from './contract-routes.ts'
export { engineNames, engines } from './engines/index.ts'
export type { EngineName } from './engines/index.ts'
export { addressOf, maxContractBytes } from './judging/address.ts'
export type { AccessRecord } from './access-log.ts'
export { createFaults } from './faults/faults.ts'
export type { Fault, Faults, NewFault } from './faults/faults.ts'
export { faultsOperations } from './faults/handlers.ts'
export { createFault, endFault } from './faults/operations.ts'
export type { FaultsOperationsOptions } from './faults/handlers.ts'
export { createLeases } from './budgets/leases.ts'
export { createLeaseRoutes } from './budgets/route.ts'
export { createGateway } from './gateway.ts'
export type { GatewayOptions } from './gateway.ts'
export { createSigner } from './identity.ts'
export type { Signer } from './identity.ts'
export { createGatewayRoutes } from './internal-routes.ts'
export type { GatewayInternalRoutes, InternalRoutesOptions } from './internal-routes.ts'
export { defaultConcurrency } from './limits/classes.ts'
export { createIssuerKeeper, createIssuerKeys } from './issuers/issuer-keys.ts'
export { createIssuerRoutes } from './issuers/route.ts'
export { openLedger } from './ledger.ts'
export type { Ledger, LedgerOptions } from './ledger.ts'
export { startGateway } from './process.ts'
export type { GatewayProcess, GatewayProcessOptions } from './process.ts'
export { createGatewayList } from './overview/gateway-list.ts'
export { overviewOperations } from './overview/handlers.ts'
export { listGateways, listRoutes, resolveRequest } from './overview/operations.ts'
export { createDrained } from './releases/drained.ts'
export { releasesOperations } from './releases/handlers.ts'
export {
  drainRelease,
  listReleases,
  putRelease,
  removeRelease,
  weighReleases,
} from './releases/operations.ts'
export { createReleases } from './releases/releases.ts'
export { createPublisher } from './publisher.ts'
export type { PublishedFaults, Publisher, PublisherOptions, Services } from './publisher.ts'
export { createRouter, parametersOf } from './router.ts'
export { learnedRoutes, toDocument } from './shadow/document.ts'
export { createOutput } from './shadow/output.ts'
export type { Output } from './shadow/output.ts'
export { sentencesOf, toProposal } from './shadow/proposal.ts'
export { startShadow } from './shadow/shadow.ts'
export type { Shadow } from './shadow/shadow.ts'
export { createState } from './state.ts'
export type { GatewayState } from './state.ts'
export type { TelemetrySettings } from './telemetry/types.ts'
export { createTrafficRoutes } from './traffic/route.ts'
export { createTraffic, createTrafficKeeper } from './traffic/traffic.ts'
export type { Traffic } from './traffic/traffic.ts'
export { requestsOperations } from './traffic/handlers.ts'
export { summarizeRequests } from './traffic/operations.ts'
export type * from './types.ts'

/** The part's own schema, for `migrate`. */
export const gatewayMigrations = {
  schema: 'gateway',
  folder: new URL('./migrations/', import.meta.url),
}
