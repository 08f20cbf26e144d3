import { randomUUIDv7 } from 'node:crypto'
import { writeEvent } from './events.ts'
import { messageOf, problem, Problem } from './errors.ts'
import { redact } from './redact.ts'
import { effectRecorded, type EffectRecorded, type Environment, type Identity } from './wire.ts'
import type { EffectOptions, EffectWays, Log, PoolLike } from './types.ts'

/** What may happen to one call of an effect. */
export type EffectDecision = 'allow' | 'stand-in' | 'deny'

/** Pure: in production the effect itself, in a sandbox its stand-in, and nothing where there is none. */
export function decideEffect(environment: Environment, hasStandIn: boolean): EffectDecision {
  if (environment === 'production') return 'allow'
  return hasStandIn ? 'stand-in' : 'deny'
}

export interface EffectsOptions {
  identity: () => Identity | undefined
  /** Where records are written, each by itself: a record must outlive the transaction of the caller. */
  database: PoolLike
  log: Log
}

/*
 *   call ─► identity? ─► decide ─► record `started` ─► the effect, or its stand-in ─► record the outcome
 *              no: throws    deny: recorded, throws   not recorded: not done           failed: recorded, thrown on
 */
export function createEffect<Args extends readonly unknown[], Result>(
  name: string,
  ways: EffectWays<Args, Result>,
  { record }: EffectOptions<Args>,
  { identity, database, log }: EffectsOptions,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    const current = identity()
    if (!current)
      throw problem(
        'effect_no_identity',
        `${name} was called without an identity: background work must use runAs() with the identity stored with it`,
      )
    const decision = decideEffect(current.environment, ways.sandbox !== undefined)
    const effect = randomUUIDv7()
    const keep = async (outcome: EffectRecorded['outcome'], error?: string): Promise<unknown> => {
      const data: EffectRecorded = {
        effect,
        name,
        mode: current.environment,
        outcome,
        arguments: keptArguments(args, record),
        ...(error === undefined ? {} : { error }),
      }
      return await writeEvent(database, current, { type: effectRecorded, key: `effect:${effect}`, data })
    }
    // The work is done by then: a record that fails leaves it as `started`, which says that its end is not known.
    const keepEnd = (outcome: EffectRecorded['outcome'], error?: string): Promise<unknown> =>
      keep(outcome, error).catch((failed: unknown) =>
        log.error(
          { err: messageOf(failed), effect, name, outcome },
          'the outcome of an effect could not be recorded',
        ),
      )

    if (decision === 'deny') {
      const denied = problem(
        'effect_no_stand_in',
        `the effect ${name} has no stand-in: give it one with effect('${name}', { production, sandbox }), or a sandbox may not come here`,
      )
      await keepEnd('denied', denied.message)
      throw denied
    }
    await keep('started').catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'organization_deleted') throw error
      throw problem('effect_not_recorded', `${name} was not done: ${messageOf(error)}`, { cause: error })
    })
    try {
      const result = await (decision === 'allow' ? ways.production : ways.sandbox!)(...args)
      await keepEnd(decision === 'allow' ? 'done' : 'stood in')
      return result
    } catch (error) {
      await keepEnd('failed', String(redact(messageOf(error))))
      throw error
    }
  }
}

function keptArguments<Args extends readonly unknown[]>(
  args: Args,
  record: EffectOptions<Args>['record'],
): unknown {
  const kept = record ? record(...args) : args.length === 1 ? args[0] : args
  return redact(kept) ?? null
}
