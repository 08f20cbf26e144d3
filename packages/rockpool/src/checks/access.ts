import { problem } from '../kernel/index.ts'
import type { Caller } from '../kernel/index.ts'
import type { Kind } from './types.ts'

/**
 * The run, for who may know of it: a caller that is bound to an organization touches the runs of that one, and cannot
 * tell those of others from none. Pure. @throws Problem `not_found`
 */
export function reachedBy<R extends { parent: string }>(caller: Caller, id: string, run: R): R {
  if (caller.organization === null || caller.organization === run.parent) return run
  throw problem('not_found', `there is no run “${id}”`)
}

/**
 * Whoever leads a run of a bot writes in production and is handed the company's card: that is for the scope admin of the
 * whole installation, as the runner has it, and for nobody who is bound to one organization. Pure.
 * @throws Problem `scope_missing`
 */
export function requireLeader(caller: Caller, kind: Kind): void {
  if (kind === 'bot' && !(caller.organization === null && caller.scopes.includes('admin')))
    throw problem(
      'scope_missing',
      'a run of a bot works in production: that needs the scope admin in the whole installation',
    )
}
