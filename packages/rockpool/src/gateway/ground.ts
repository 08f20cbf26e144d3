import type { Identity } from '@rockpool/sdk/wire'
import { problem } from '../kernel/index.ts'
import type { Problem, ProblemCode } from '../kernel/index.ts'
import type { HeaderMemo } from './header-memo.ts'
import type { Directory } from './snapshot.ts'
import type { EndUser, Route, SnapshotCredential, SnapshotOrganization } from './types.ts'

/** The head of a request as it came: names and values in turns, in their order and letter case. */
export interface RequestHead {
  method: string
  target: string
  headers: readonly string[]
  /** Where the headers are those of a request before. */
  memo?: HeaderMemo | undefined
}

/** How old the truth may be, in milliseconds, until credentials of a kind are refused. */
export interface CutOff {
  /** For run credentials. */
  runMs: number
  /** For keys, service credentials and calls without a credential. */
  keyMs: number
}

export const defaultCutOff: CutOff = { runMs: 10_000, keyMs: 24 * 60 * 60 * 1000 }

/** What is decided by: the directory, and when control last could vouch for it (milliseconds, by this machine's clock). */
export interface Ground {
  directory: Directory
  asOf: number
  cutOff: CutOff
  /** Browsers reach the gateway by https. */
  secure: boolean
}

/** Where the credential stood: in `Authorization`, in `Rockpool-Credential`, or in a browser's cookie. */
export type Via = 'authorization' | 'header' | 'cookie'

/** What was known of a request when it was decided; refusals too, for the access log. */
export interface Known {
  route: Route | null
  service: string | null
  organization: SnapshotOrganization | null
  credential: SnapshotCredential | null
  /** By a token of the users' own issuer; then there is no credential of ours, and nothing of its rules applies. */
  user: EndUser | null
  /** Null: no credential was shown that counts. */
  via: Via | null
  /** An issuer (`iss`) whose token names a key that is not known here. */
  unknownKeyOf: string | null
  identity: Identity | null
  /** It may change something: by its method, or by what is said once the connection speaks another protocol. */
  writes: boolean
}

/** What is known before anything was read. */
export const nothingKnown: Readonly<Known> = {
  route: null,
  service: null,
  organization: null,
  credential: null,
  user: null,
  via: null,
  unknownKeyOf: null,
  identity: null,
  writes: false,
}

/** Methods that change something (RFC 9110 9.2.1): they cost budget, and stand in the ledger. */
export const isUnsafe = (method: string): boolean =>
  method === 'POST' || method === 'PUT' || method === 'PATCH' || method === 'DELETE'

/** Thrown within a decision, and nowhere else. */
export class Refusal extends Error {
  readonly problem: Problem
  constructor(refused: Problem) {
    super()
    this.problem = refused
  }
}

export function refuse(code: ProblemCode, detail: string, extra?: Record<string, unknown>): Refusal {
  return new Refusal(problem(code, detail, extra ? { extra } : {}))
}

/** All values of one header, in their order; a header that came twice is two values. */
export function valuesOf(head: Pick<RequestHead, 'headers' | 'memo'>, name: string): readonly string[] {
  const memo = memoOf(head)
  if (memo === undefined) return readValues(head.headers, name)
  const known = memo.values.get(name)
  if (known !== undefined) return known
  const values = readValues(head.headers, name)
  memo.values.set(name, values)
  return values
}

/** Undefined: the headers are not those of a request before, or not any more. */
export function memoOf({ headers, memo }: Pick<RequestHead, 'headers' | 'memo'>): HeaderMemo | undefined {
  return memo?.headers === headers ? memo : undefined
}

function readValues(headers: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < headers.length; index += 2)
    // Most names differ in their length already, and need not be put into lower case.
    if (headers[index]!.length === name.length && headers[index]!.toLowerCase() === name)
      values.push(headers[index + 1]!)
  return values
}
