export { countedAddress, isLoopbackHost } from './address.ts'
export {
  bodyTooLarge,
  bytes,
  bytesAnswer,
  bytesRuleOf,
  mediaType,
  mostBytes,
  readBytes,
  readBytesBody,
} from './bytes.ts'
export type { BytesRule, BytesValue } from './bytes.ts'
export { readCertificate } from './certificate.ts'
export type { Certificate, CertificateFiles } from './certificate.ts'
export { systemClock, createSimulatedClock } from './clock.ts'
export type { Clock, SimulatedClock } from './clock.ts'
export type { GrantConfig } from './config-bots.ts'
export { mostWorkers } from './config-gateway.ts'
export { signatureAlgorithms } from './config-issuers.ts'
export type { IssuerConfig, SignatureAlgorithm } from './config-issuers.ts'
export { callLimitFindings, callLimitsOf } from './config-calls.ts'
export type { CallLimitsConfig } from './config-calls.ts'
export type { RateLimitConfig } from './config-limits.ts'
export { shapeFindings, shapeNames, shapesOf } from './config-shapes.ts'
export type { Shape, ShapesConfig } from './config-shapes.ts'
export { validationFindings, validationModes, validationOf } from './config-validation.ts'
export type { OperationValidation, ValidationConfig } from './config-validation.ts'
export { isRemote, loadConfig, readConfig, startedServices } from './config.ts'
export type {
  Config,
  ConfigInput,
  EnvironmentSources,
  InstallationConfig,
  RemoteServiceConfig,
  ServiceConfig,
  StartedServiceConfig,
  ThirdPartyConfig,
} from './config.ts'
export {
  credentialKinds,
  isTicket,
  newCredential,
  newTicket,
  parseCredential,
  sha256Hex,
} from './credential-text.ts'
export type { CredentialKind, NewCredential } from './credential-text.ts'
export { dataFolderPath, openDataFolder } from './data-folder.ts'
export type { DataFolderOptions } from './data-folder.ts'
export { openDatabase } from './database.ts'
export type { Database, DatabaseOptions, Listener, Queryable, Transaction } from './database.ts'
export { formatDuration, parseDuration } from './duration.ts'
export { newId } from './ids.ts'
export type { IdPrefix } from './ids.ts'
export { createKeeper } from './keeper.ts'
export type { Keeper } from './keeper.ts'
export { createJobs } from './jobs.ts'
export type { Jobs, Work } from './jobs.ts'
export { createLog, silentLog } from './log.ts'
export type { Log } from './log.ts'
export { migrate, pendingMigrations, readMigrations } from './migrate.ts'
export type { MigrationFile, MigrationSet } from './migrate.ts'
export { handle, operation, pageOf, pageQuery, runScopes, scopes, toPage } from './operation.ts'
export type {
  Caller,
  Exchange,
  Handled,
  HandlerAnswer,
  HandlerInput,
  Method,
  Operation,
  OperationAnswer,
  OperationInput,
  RunScope,
  Scope,
} from './operation.ts'
export { near } from './near.ts'
export { freePort } from './port.ts'
export { startPostgres } from './postgres.ts'
export type { PostgresOptions, PostgresServer } from './postgres.ts'
export { messageOf, Problem, problem, problems, toProblem } from './problem.ts'
export type { Finding, ProblemCode, ProblemOptions } from './problem.ts'
export { loadSecret, secretFrom } from './secret.ts'
export type { Secret } from './secret.ts'
export { version } from './version.ts'
