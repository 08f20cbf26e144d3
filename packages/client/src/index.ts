export { createClient } from './client.ts'
export { ApiError, ClientError, isStatus } from './errors.ts'
export type { ClientErrorCode, ErrorBody, Finding, ProblemDetails } from './errors.ts'
export { withMethods } from './methods.ts'
export type {
  Client,
  ClientOptions,
  CreateOptions,
  DataOf,
  Environment,
  ItemOf,
  Method,
  OperationNote,
  OperationNotes,
  Page,
  PageOptions,
  Pages,
  Pagination,
  RetryOptions,
} from './types.ts'
export { unwrap } from './unwrap.ts'
