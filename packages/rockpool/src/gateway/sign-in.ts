import { requestIdHeader } from '@rockpool/sdk/wire'
import { countedAddress, isTicket, messageOf, Problem, problem, sha256Hex } from '../kernel/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import { answerPage, answerProblem } from './answers.ts'
import { sessionSetCookie } from './cookies.ts'
import type { Answer } from './engines/engine.ts'
import { valuesOf } from './ground.ts'
import type { RequestHead } from './ground.ts'
import type { GatewayState } from './state.ts'

const signInPath = '/.rockpool/sign-in'

/** What control gives for a ticket. */
export interface Session {
  text: string
  /** ISO 8601. */
  endsAt: string
}

export interface SignInOptions {
  /** `ticket_refused`; `control_unreachable`. */
  redeem: (ticket: string) => Promise<Session>
  state: Pick<GatewayState, 'ground'>
  clock: Clock
  log: Log
}

/** Signs a browser in. Never rejects. */
export type SignIn = (head: RequestHead & { remote: string }, request: string) => Promise<Answer>

// Far fewer than control has connections to Postgres (16): whatever strangers ask, control can do its other work. And no
// address has them all, so that a flood from one leaves room for the others.
const mostAtOnce = 8
const mostOfAddress = 2
const mostWaiting = 16
const mostAddresses = 64
const waitMs = 2_000
const knownWithinMs = 2_000

/*
 *   GET /.rockpool/sign-in?ticket=…&to=/path ──► control: the ticket is used up ──► Set-Cookie, 303 to the path
 */
export function createSignIn({ redeem, state, clock, log }: SignInOptions): SignIn {
  /** Of each address (or network of IPv6) that signs in now, how many times. */
  const redeeming = new Map<string, number>()
  const waiting = new Map<string, number>()

  return async (head, request) => {
    try {
      const { ticket, to } = readLink(head)
      const address = countedAddress(head.remote)
      await begin(address)
      const session = await exchange(ticket, request).finally(() => less(redeeming, address))
      await known(session)
      const { secure } = state.ground()!
      const cookie = sessionSetCookie(session.text, Date.parse(session.endsAt), clock.now(), secure)
      return { status: 303, headers: [...common(request), 'Location', to, 'Set-Cookie', cookie], body: '' }
    } catch (error) {
      return refused(error, head, request)
    }
  }

  /** A few browsers of one machine, such as a runner's, wait for each other; many more are refused. */
  async function begin(address: string): Promise<void> {
    const hasRoom = () =>
      (redeeming.get(address) ?? 0) < mostOfAddress &&
      [...redeeming.values()].reduce((sum, count) => sum + count, 0) < mostAtOnce
    const deadline = clock.now() + waitMs
    const own = waiting.get(address) ?? 0
    if (!hasRoom() && own < mostWaiting && waiting.size < mostAddresses) {
      waiting.set(address, own + 1)
      while (!hasRoom() && clock.now() < deadline) await clock.sleep(10)
      less(waiting, address)
    }
    if (!hasRoom())
      throw problem('control_unreachable', 'too many browsers sign in at this moment: try again')
    redeeming.set(address, (redeeming.get(address) ?? 0) + 1)
  }

  /** What control says besides of a ticket is about its inside, and not for a stranger with a link. */
  async function exchange(ticket: string, request: string): Promise<Session> {
    try {
      return await redeem(ticket)
    } catch (error) {
      if (error instanceof Problem && error.code === 'ticket_refused') throw error
      log.warn({ error: messageOf(error), request }, 'a browser could not sign in')
      throw unreachable()
    }
  }

  /** Its first request must not come before what control tells of it. */
  async function known({ text }: Session): Promise<void> {
    const deadline = clock.now() + knownWithinMs
    const sha256 = sha256Hex(text)
    while (!state.ground()?.directory.credentials.has(sha256) && clock.now() < deadline) await clock.sleep(5)
  }

  function refused(error: unknown, head: RequestHead, request: string): Answer {
    if (!(error instanceof Problem))
      log.warn({ error: messageOf(error), request }, 'a browser could not sign in')
    const refusal = error instanceof Problem ? error : unreachable()
    const forPeople = valuesOf(head, 'accept').some((value) => value.includes('text/html'))
    const allow = refusal.code === 'method_not_allowed' ? ['GET'] : null
    return forPeople ? answerPage(refusal, request) : answerProblem(refusal, request, allow)
  }
}

/** Whether a request target is the sign-in's, whatever its query. */
export function isSignIn(target: string): boolean {
  return target === signInPath || target.startsWith(`${signInPath}?`)
}

function less(counts: Map<string, number>, address: string): void {
  const left = counts.get(address)! - 1
  if (left === 0) counts.delete(address)
  else counts.set(address, left)
}

function unreachable(): Problem {
  return problem('control_unreachable', 'control cannot be reached: try again')
}

function readLink(head: RequestHead): { ticket: string; to: string } {
  if (head.method !== 'GET') throw problem('method_not_allowed', 'a browser signs in by GET')
  const query = new URLSearchParams(head.target.slice(signInPath.length))
  const tickets = query.getAll('ticket')
  const [to = '/', ...more] = query.getAll('to')
  // Before the ticket is used up.
  if (more.length > 0 || !isOwnPath(to))
    throw problem('path_refused', '`to` is a path of this origin: it begins with one slash')
  if (tickets.length !== 1 || !isTicket(tickets[0]!))
    throw problem('ticket_refused', 'this link was used already, or its time is over: ask for a new one')
  return { ticket: tickets[0]!, to }
}

/** A path that no browser reads as another origin's: no `//`, no backslash, nothing that it would drop or mend. */
function isOwnPath(to: string): boolean {
  return to.length <= 2048 && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) && !to.includes('\\')
}

function common(request: string): string[] {
  return [
    'Content-Length',
    '0',
    'Cache-Control',
    'no-store',
    'Referrer-Policy',
    'no-referrer',
    requestIdHeader,
    request,
  ]
}
