export { loadContract, routesOf } from './contract.ts'
export type { Contract, ContractOperation, ContractParameter, ContractReading } from './contract.ts'
export { engines } from './engines/index.ts'
export type { EngineName } from './engines/index.ts'
export type { AccessRecord } from './access-log.ts'
export { createGateway } from './gateway.ts'
export type { GatewayOptions } from './gateway.ts'
export { sessionCookie } from './cookies.ts'
export { createSigner } from './identity.ts'
export type { Signer } from './identity.ts'
export { createGatewayRoutes } from './internal-routes.ts'
export type { GatewayInternalRoutes, InternalRoutesOptions } from './internal-routes.ts'
export { openLedger } from './ledger.ts'
export type { Ledger, LedgerOptions } from './ledger.ts'
export { startGateway } from './process.ts'
export type { GatewayProcess, GatewayProcessOptions } from './process.ts'
export { createPublisher } from './publisher.ts'
export type { PublishedFaults, Publisher, PublisherOptions, Services } from './publisher.ts'
export { createRouter } from './router.ts'
export { createSignIn, signInPath } from './sign-in.ts'
export type { Session, SignIn, SignInOptions } from './sign-in.ts'
export { createState } from './state.ts'
export type { GatewayState } from './state.ts'
export { createTrafficRoutes } from './traffic/route.ts'
export { createTraffic, createTrafficKeeper } from './traffic/traffic.ts'
export type { Traffic } from './traffic/traffic.ts'
export { requestsOperations } from './traffic/handlers.ts'
export type * from './types.ts'

/** The part's own schema, for `migrate`. */
export const gatewayMigrations = {
  schema: 'gateway',
  folder: new URL('./migrations/', import.meta.url),
}
