import { sandboxMocksApi } from '../contracts/index.ts'
import { createFault, endFault } from '../gateway/index.ts'
import type { Operation, OperationAnswer, OperationInput, RunScope } from '../kernel/index.ts'
import { artifactTypeOf } from './artifacts/names.ts'
import type { TakenSecrets } from '../secrets/index.ts'
import type { EffectRecord } from './authoring/types.ts'
import { publishMockOfRun, readContractOfRun } from './mocks.ts'
import type { ContractOfRun, MockOfRun } from './mocks.ts'
import { putArtifact } from './artifacts/operations.ts'
import { createBrowserTicket } from './browser/operations.ts'
import {
  finishRun,
  heartbeatRun,
  listRunEffects,
  registerChecks,
  startAttempt,
  startRun,
} from './operations.ts'
import type { FinishRun, StartedRun } from './runs/runs.ts'
import { takeSecrets } from './secrets.ts'
import type { Definition, Grant, RunDetails } from './runs/schema.ts'
import type { Kind, Trigger } from './types.ts'

const { mockService, unmockService } = sandboxMocksApi

type MockBody = NonNullable<OperationInput<typeof mockService>['body']>

/** A mock that answers from now on, and what it is called by. */
export interface AskedMock {
  version: string
  operations: readonly { id: string; method: string; path: string }[]
}

/** What an executor of checks needs of control. */
export interface RunControl {
  /** `complete`: there are no others of the kind. */
  register(kind: Kind, definitions: readonly Definition[], complete: boolean): Promise<void>
  start(input: {
    kind: Kind
    check: string
    trigger: Trigger
    slot: Date | null
    parent: string | null
    ttl: string | null
    /** What its credential may do at control; nothing unless given. */
    scopes?: readonly RunScope[]
  }): Promise<StartedRun>
  startAttempt(run: string): Promise<Grant>
  heartbeat(run: string): Promise<void>
  finish(run: string, result: FinishRun): Promise<RunDetails>
  effects(run: string, organization: string, name: string): Promise<EffectRecord[]>
  /** The values of these names, and for each that has none the reason. */
  secrets(run: string, names: readonly string[]): Promise<TakenSecrets>
  /** Text of a ticket that a browser exchanges at the gateway, once, for a session of the run. */
  browserTicket(run: string, organization: string): Promise<string>
  /** Keeps a file of the run. */
  putArtifact(run: string, name: string, bytes: Uint8Array): Promise<void>
  /** The contract by which a service is asked in the run. */
  contract(run: string, service: string): Promise<ContractOfRun>
  /** Keeps how faithful the mock of a service is, as the run saw it. */
  publishMock(run: string, service: string, seen: MockOfRun): Promise<void>
  /** Breaks a service for the run whose credential it is, and for nobody else. The input is checked by control. */
  breakFor(credential: string, fault: unknown): Promise<{ id: string; endsAt: string }>
  /** Mends what that run has broken. */
  mendFor(credential: string, fault: string): Promise<void>
  /** Has a mock answer for a service in the sandbox of the run whose credential it is. The input is checked by control. */
  mockFor(credential: string, sandbox: string, service: string, asked: unknown): Promise<AskedMock>
  /** Has the service answer there again. */
  unmockFor(credential: string, sandbox: string, service: string): Promise<void>
}

/** Calls an operation of control: the `call` of the api part's client. */
export type CallControl = <const O extends Operation>(
  operation: O,
  input: OperationInput<O>,
  options?: { timeoutMs?: number; credential?: string },
) => Promise<OperationAnswer<O>>

export function createRunControl(call: CallControl): RunControl {
  return {
    register: (kind, checks, complete) =>
      call(registerChecks, { body: { kind, checks: [...checks], complete } }),
    start: ({ slot, scopes = [], ...input }) =>
      call(startRun, { body: { ...input, scopes: [...scopes], slot: slot?.toISOString() ?? null } }),
    startAttempt: (run) => call(startAttempt, { params: { run } }),
    heartbeat: (run) => call(heartbeatRun, { params: { run } }, { timeoutMs: 5_000 }),
    finish: (run, { verdict, attempts, waitMs = 0 }) =>
      call(
        finishRun,
        { params: { run }, body: { verdict, attempts: [...attempts], waitMs } },
        { timeoutMs: waitMs + 30_000 },
      ),
    async effects(run, organization, name) {
      const { items } = await call(listRunEffects, { params: { run }, query: { organization, name } })
      return items
    },
    secrets: (run, names) => call(takeSecrets, { params: { run }, body: { names: [...names] } }),
    async browserTicket(run, organization) {
      const { ticket } = await call(createBrowserTicket, { params: { run }, body: { organization } })
      return ticket
    },
    putArtifact: (run, name, bytes) =>
      call(putArtifact, { params: { run, name }, body: { type: artifactTypeOf(name), bytes } }),
    contract: (run, service) => call(readContractOfRun, { params: { run, service } }),
    publishMock: (run, service, seen) => call(publishMockOfRun, { params: { run, service }, body: seen }),
    breakFor: (credential, fault) =>
      call(createFault, { body: fault as OperationInput<typeof createFault>['body'] }, { credential }),
    mendFor: (credential, fault) => call(endFault, { params: { fault } }, { credential }),
    mockFor: (credential, sandbox, service, asked) =>
      call(mockService, { params: { sandbox, service }, body: asked as MockBody }, { credential }),
    unmockFor: (credential, sandbox, service) =>
      call(unmockService, { params: { sandbox, service } }, { credential }),
  }
}

/** Where the same operations are for the runner, which shows its role token instead of a credential; see internal.ts. */
export const rolePrefix = '/internal/checks'
