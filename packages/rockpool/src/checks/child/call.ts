import type { Answer, Call, OperationRequest, SettledAnswer } from '../authoring/types.ts'
import { oneLine } from '../printable.ts'
import { redactText, redactUrl } from '../redact.ts'
import type { CallEntry, Poll } from '../types.ts'
import type { AttemptContext } from './context.ts'
import { at, captureSite, DeadlinePassed, withCauses } from './errors.ts'
import { Obstructed } from './obstructed.ts'
import { exchange, message, prepare } from './exchange.ts'
import type { Exchange, Prepared, Target } from './exchange.ts'
import { formatDuration, parseDuration } from '../../kernel/light.ts'
import { pause, pauses } from './pauses.ts'
import { callerPlace } from './place.ts'

/**
 * One call of an operation. It is sent at the end of the current turn, whether or not somebody awaits it: a call that
 * is polled instead makes its requests itself.
 *
 * @throws Misuse at once where the request does not fit the operation
 */
export function createCall(
  context: AttemptContext,
  target: Target,
  request: OperationRequest | undefined,
): Call<unknown> {
  const site = captureSite()
  const place = callerPlace()
  const prepared = prepare(context.order, target, request)
  let sent: Promise<Answer<unknown>> | undefined
  let polled = false

  const begin = (poll: Poll | null) =>
    context.recorder.begin({
      type: 'call',
      ...target,
      url: redactUrl(prepared.url),
      status: null,
      problem: null,
      error: null,
      request: message(prepared.init.headers, request?.body),
      answer: null,
      poll,
      place,
    })

  const send = () => (sent ??= once(context, prepared, begin(null), site))
  queueMicrotask(() => {
    if (!polled) void send()
  })

  return {
    // oxlint-disable-next-line unicorn/no-thenable -- a call is awaited like a promise, or polled
    then: (onAnswer, onError) => send().then(onAnswer, onError),
    until(predicate, deadline) {
      polled = true
      const poll = {
        predicate: oneLine(redactText(predicate.toString()), 200),
        answers: 0,
        statuses: {},
        satisfied: false,
      }
      return until(context, prepared, begin(poll), {
        predicate,
        poll,
        ms: parseDuration(deadline),
        site: captureSite(),
      })
    },
  }
}

async function once(
  context: AttemptContext,
  prepared: Prepared,
  entry: CallEntry,
  site: { stack: string },
): Promise<Answer<unknown>> {
  context.open.add(entry)
  try {
    const result = await exchange(prepared, context.signal)
    take(entry, result)
    return result.answer
  } catch (error) {
    entry.error = redactText(withCauses(error))
    throw error instanceof Error ? at(site, error) : error
  } finally {
    context.open.delete(entry)
    context.recorder.end(entry)
  }
}

interface Polling {
  predicate: (answer: Answer<unknown>) => unknown
  poll: Poll
  ms: number
  site: { stack: string }
}

async function until(
  context: AttemptContext,
  prepared: Prepared,
  entry: CallEntry,
  polling: Polling,
): Promise<SettledAnswer<unknown>> {
  const { predicate, poll, ms, site } = polling
  const began = performance.now()
  const ending = AbortSignal.timeout(ms)
  const signal = AbortSignal.any([context.signal, ending])
  let obstacle: Obstructed | undefined
  let thrown: unknown
  context.open.add(entry)
  try {
    for (const wait of pauses()) {
      try {
        const result = await exchange(prepared, signal)
        obstacle = undefined
        take(entry, result)
        poll.answers++
        poll.statuses[result.answer.status] = (poll.statuses[result.answer.status] ?? 0) + 1
        thrown = undefined
        poll.satisfied = Boolean(
          await tried(() => predicate(result.answer)).catch((error: unknown) => void (thrown = error)),
        )
        if (poll.satisfied) {
          return {
            ...result.answer,
            propagationMs: Math.round(performance.now() - began),
            answers: poll.answers,
          }
        }
      } catch (error) {
        if (!(error instanceof Obstructed) || !error.retry) throw error
        obstacle = error
      }
      await pause(wait, signal)
    }
    throw new Error('unreachable: the pauses have no end')
  } catch (error) {
    const failure =
      ending.aborted && !context.signal.aborted ? (obstacle ?? late(entry, polling, thrown)) : error
    entry.error = redactText(withCauses(failure))
    throw failure instanceof Error ? at(site, failure) : failure
  } finally {
    context.open.delete(entry)
    context.recorder.end(entry)
  }
}

/** A throw becomes a rejection. */
async function tried(work: () => unknown): Promise<unknown> {
  return work()
}

/** The deadline's message, with what was seen instead. */
function late(entry: CallEntry, { poll, ms }: Polling, thrown: unknown): DeadlinePassed {
  const last = entry.answer ? `${entry.status} ${oneLine(printBody(entry.answer.body), 500)}` : 'no answer'
  const seen =
    poll.answers === 0
      ? 'no answer came'
      : `in ${poll.answers === 1 ? 'the one answer' : `all of ${poll.answers} answers`} it did not hold`
  const trouble = thrown === undefined ? '' : `; the predicate threw ${withCauses(thrown)}`
  return new DeadlinePassed(
    `${entry.service}.${entry.operation} did not come to ${poll.predicate} within ${formatDuration(ms)}: ${seen}${trouble}`,
    poll.predicate,
    `${last}${poll.answers > 1 ? ` (the last of ${poll.answers} answers)` : ''}`,
  )
}

function printBody(body: unknown): string {
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
}

function take(entry: CallEntry, { answer, problem }: Exchange): void {
  entry.status = answer.status
  entry.problem = problem
  entry.answer = message(answer.headers, answer.body)
}
