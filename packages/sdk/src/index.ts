export { createRockpool } from './rockpool.ts'
export { createPool } from './database.ts'
export type { CreatePoolOptions } from './database.ts'
export { Problem, problem, toProblem } from './errors.ts'
export type { Finding, ProblemCode } from './errors.ts'
export type { AdapterOptions, Inbound } from './adapters/types.ts'
export type {
  Consumer,
  CurrentIdentity,
  EffectOptions,
  EffectWays,
  Keys,
  Log,
  NewEvent,
  Pool,
  PoolLike,
  PublishedEvent,
  Queryable,
  QueryResult,
  Rockpool,
  RockpoolOptions,
  StoredOrPlain,
  Transaction,
} from './types.ts'
export type { Actor, CloudEvent, Environment, Identity } from './wire.ts'
