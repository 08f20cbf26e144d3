import { problem, problems } from '../kernel/index.ts'
import type { Operation, OperationAnswer, OperationInput, Problem } from '../kernel/index.ts'
import type { EffectRecord } from './authoring/types.ts'
import {
  finishRun,
  heartbeatRun,
  listRunEffects,
  registerChecks,
  startAttempt,
  startRun,
} from './operations.ts'
import type { FinishRun, StartedRun } from './runs/runs.ts'
import type { Definition, Grant, RunDetails } from './runs/schema.ts'
import type { Trigger } from './types.ts'

/** What an executor of checks needs of control. */
export interface RunControl {
  register(definitions: readonly Definition[], complete: boolean): Promise<void>
  start(input: {
    check: string
    trigger: Trigger
    slot: Date | null
    parent: string | null
    ttl: string | null
  }): Promise<StartedRun>
  startAttempt(run: string): Promise<Grant>
  heartbeat(run: string): Promise<void>
  finish(run: string, result: FinishRun): Promise<RunDetails>
  effects(run: string, organization: string, name: string): Promise<EffectRecord[]>
}

/** Calls an operation of control: the `call` of the api part's client, or of `createRoleCall`. */
export type CallControl = <const O extends Operation>(
  operation: O,
  input: OperationInput<O>,
  options?: { timeoutMs?: number },
) => Promise<OperationAnswer<O>>

export function createRunControl(call: CallControl): RunControl {
  return {
    register: (checks, complete) => call(registerChecks, { body: { checks: [...checks], complete } }),
    start: ({ slot, ...input }) => call(startRun, { body: { ...input, slot: slot?.toISOString() ?? null } }),
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
  }
}

/** Where control's routes for the runner are; see internal.ts. */
export const rolePrefix = '/internal/checks'

/** The runner's way to control: the same operations, by its role token. */
export function createRoleCall({ url, token }: { url: string; token: string }): CallControl {
  return async (operation, input, { timeoutMs = 30_000 } = {}) => {
    const { params = {}, query = {}, body } = input as Record<string, Record<string, string> | undefined>
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ''),
    )
    const target = new URL(`${rolePrefix}${path}`, url)
    for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
    const unanswered = (error: unknown): never => {
      throw problem('control_unreachable', `control at ${url} cannot be reached`, { cause: error })
    }
    const response = await fetch(target, {
      method: operation.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch(unanswered)
    const text = await response.text().catch(unanswered)
    if (!response.ok) throw readProblem(response.status, text)
    const [schema] = Object.values(operation.answers)
    return (schema ? schema.parse(JSON.parse(text)) : undefined) as never
  }
}

function readProblem(status: number, text: string): Problem {
  try {
    const {
      code,
      detail,
      type: _type,
      title: _title,
      status: _status,
      findings,
      ...extra
    } = JSON.parse(text) as Record<string, never>
    if (code && Object.hasOwn(problems, code))
      return problem(code, detail ?? code, { extra, findings: findings ?? [] })
  } catch {
    // Not a problem document.
  }
  return problem('control_unreachable', `control answered ${status} without saying why`)
}
