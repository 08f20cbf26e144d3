import { messageOf, problem } from '../../../kernel/index.ts'
import type { Problem } from '../../../kernel/index.ts'
import { NotMade } from '../../sending/made.ts'
import { isFetchable } from '../../remote/origins.ts'
import { responseFor } from '../responses.ts'
import type { CallMaker } from './requests.ts'
import { readText, unlessAborted } from './read-text.ts'
import type { CallRequest, PlannedCall, ToldCall } from './types.ts'

export interface SenderOptions {
  maker: () => CallMaker
  /** Where calls may go; null: anywhere, for `send` is no network. */
  origins: ReadonlySet<string> | null
  /** What `fetch` does. */
  send?: (request: Request) => Promise<Response>
  /** Hears what became of each call. */
  tell?: (told: ToldCall) => void
  bounds?: Partial<SenderBounds>
}

export interface SenderBounds {
  /** Milliseconds for one call, its answer included. */
  ms: number
  /** Calls that wait. */
  queue: number
  /** Calls under way. */
  concurrency: number
  /** Bytes of an answer. */
  bytes: number
}

const usual: SenderBounds = { ms: 10_000, queue: 100, concurrency: 4, bytes: 1_000_000 }

/** What became of a call, and what came of it. */
export interface Outcome {
  told: ToldCall
  /** Null: none came, or not all of it. */
  answer: { headers: Record<string, string>; body: string } | null
  /** Null: all went well. */
  failure: Problem | null
}

export interface CallSender {
  /** Sends a call when there is room, at most once, and follows no redirect. Never rejects. */
  send(call: PlannedCall): Promise<Outcome>
  /** Why nothing is ever sent there; null: it may be. */
  refusal(url: string): string | null
  /** Breaks off what is under way, and forgets what waits; nothing of it is told. */
  close(): void
}

/** Sends calls where they may go, a few at once. */
export function createCallSender(options: SenderOptions): CallSender {
  const { origins, send = (request) => fetch(request), tell = () => {} } = options
  const bounds = { ...usual, ...options.bounds }
  const closing = new AbortController()
  const waiting: (() => void)[] = []
  let underWay = 0
  let maker: CallMaker | undefined

  function refusal(address: string): string | null {
    const url = URL.parse(address)
    if (url === null || !/^https?:$/.test(url.protocol))
      return `“${address.slice(0, 200)}” is no URL of http or https`
    if (origins === null || (isFetchable(url) && origins.has(url.origin))) return null
    return isFetchable(url)
      ? `nothing is sent there without --callbacks ${url.origin}`
      : 'calls go to https, or to http of this machine, without a password in the address'
  }

  /** A fault is told with as much as is known by then. */
  async function exchange(call: PlannedCall, url: string): Promise<Outcome> {
    const told = { ...unsent(call), url }
    const signal = AbortSignal.any([AbortSignal.timeout(bounds.ms), closing.signal])
    try {
      maker ??= options.maker()
      const made = maker.make(call, url)
      told.url = made.url
      signal.throwIfAborted()
      const answer = await unlessAborted(send(requestOf(made, signal)), signal)
      told.status = answer.status
      told.declared = responseFor(call.to.responses, answer.status) !== undefined
      const body = await readText(answer, bounds.bytes, signal)
      return { told, answer: { headers: Object.fromEntries(answer.headers), body }, failure: null }
    } catch (error) {
      return failed(told, failureOf(error, signal, bounds.ms))
    }
  }

  async function inTurn(call: PlannedCall, url: string): Promise<Outcome> {
    if (underWay >= bounds.concurrency) await new Promise<void>((resolve) => waiting.push(resolve))
    else underWay += 1
    try {
      return await exchange(call, url)
    } finally {
      // Whoever waits takes the place over.
      const next = waiting.shift()
      if (next === undefined) underWay -= 1
      else next()
    }
  }

  function outcomeOf(call: PlannedCall): Outcome | Promise<Outcome> {
    const { target } = call
    if ('reason' in target) return failed(unsent(call), problem('invalid_input', target.reason))
    const told = { ...unsent(call), url: target.url }
    const refused = refusal(target.url)
    if (refused !== null) return failed(told, problem('invalid_input', refused))
    if (underWay >= bounds.concurrency && waiting.length >= bounds.queue)
      return failed(told, problem('overloaded', `${bounds.queue} calls are waiting already`))
    return inTurn(call, target.url)
  }

  return {
    refusal,
    async send(call) {
      const outcome = await outcomeOf(call)
      if (!closing.signal.aborted) tell(outcome.told)
      return outcome
    },
    close: () => closing.abort(),
  }
}

const unsent = ({ operation, name, to }: PlannedCall): ToldCall => ({
  operation,
  name,
  method: to.method,
  url: null,
  status: null,
  declared: null,
  reason: null,
})

function failed(told: ToldCall, failure: Problem): Outcome {
  return { told: { ...told, reason: failure.detail }, answer: null, failure }
}

const requestOf = ({ url, method, headers, body }: CallRequest, signal: AbortSignal): Request =>
  new Request(url, { method, headers, body, redirect: 'manual', signal })

function failureOf(error: unknown, signal: AbortSignal, ms: number): Problem {
  if (error instanceof NotMade) return problem('mock_unable', error.message)
  if (signal.aborted) return problem('upstream_timeout', `no whole answer came within ${ms / 1000} s`)
  // Of a connection that fails fetch says the reason as its cause alone.
  const cause = error instanceof TypeError && error.cause !== undefined ? error.cause : error
  return problem('upstream_unreachable', messageOf(cause).slice(0, 500))
}
