import { constants } from 'node:http2'
import type { ServerHttp2Session } from 'node:http2'
import { createBurst } from './burst.ts'
import { keepWhereUsable } from './usable.ts'

/*
 * What one client's session may cost, beside what Node bounds by itself (concurrent streams, fields, invalid frames,
 * CONTINUATION frames, memory):
 *
 *   streams that end by a reset    200 within 10 s   CVE-2023-44487, and its kin that make the server reset them
 *   PING, and errors that        1,000 within 10 s   CVE-2019-9512
 *   do not end the session
 *   SETTINGS                       100 within 10 s   CVE-2019-9515
 *   no stream open                 for `idleMs`
 *   no SETTINGS (RFC 9113 3.4)     for `headMs`
 *   a head without its end         for `headMs`, and for as long again at the most
 *
 * Whoever exceeds one of the first three gets GOAWAY with ENHANCE_YOUR_CALM (RFC 9113 10.5) and is closed; who is idle, or
 * does not come to the end of a head, gets GOAWAY without an error, and streams that are open finish.
 */

const burstMs = 10_000
const mostResets = 200
const mostPings = 1_000
const mostSettings = 100
/** So long at most a request may be on its way towards a server that goes away. */
const roundTripMs = 500

export interface GuardedSession {
  /** The head of a stream came to its end. */
  opened(stream: number): void
  /** A stream is over. `blamed`: by a reset that is not our own. */
  closed(blamed: boolean): void
  /** RFC 9113 6.8: GOAWAY, and streams that are open finish. */
  drain(): void
}

export interface SessionTimes {
  idleMs: number
  headMs: number
}

export function guardSession(session: ServerHttp2Session, { idleMs, headMs }: SessionTimes): GuardedSession {
  const resets = createBurst(mostResets, burstMs)
  const pings = createBurst(mostPings, burstMs)
  const settings = createBurst(mostSettings, burstMs)
  let open = 0

  const idle = setTimeout(() => {
    if (open === 0) session.close()
  }, idleMs).unref()
  const calm = (tooMany: boolean) => {
    if (tooMany && !session.destroyed)
      session.destroy(new Error('a flood'), constants.NGHTTP2_ENHANCE_YOUR_CALM)
  }
  session.on('ping', () => calm(pings.tooMany(performance.now())))
  session.on('remoteSettings', () => calm(settings.tooMany(performance.now())))
  const late = setTimeout(() => session.destroy(), headMs).unref()
  session.once('remoteSettings', () => clearTimeout(late))
  let lastOpened = 0
  let wasBegun = 0
  // Of a head whose end is in CONTINUATION frames still to come nobody tells. What was refused as malformed looks the same:
  // whoever sends that, and nothing better for so long, may open another connection.
  const heads = setInterval(() => {
    const begun = session.state.lastProcStreamID ?? 0
    if (begun > lastOpened && begun === wasBegun) {
      // A close would wait for that head.
      if (open === 0) session.destroy()
      else session.close()
    }
    wasBegun = begun
  }, headMs).unref()
  session.once('close', () => {
    clearTimeout(idle)
    clearTimeout(late)
    clearInterval(heads)
  })
  keepWhereUsable(session, () => calm(pings.tooMany(performance.now())))
  // Each is one client's, and over with its session.
  session.on('error', () => {})

  return {
    opened(stream) {
      open += 1
      lastOpened = stream
    },
    closed(blamed) {
      open -= 1
      if (open === 0) idle.refresh()
      if (blamed) calm(resets.tooMany(performance.now()))
    },
    drain() {
      if (session.closed || session.destroyed) return
      // What is under way towards us is served still: the last stream is named once the client has heard of it.
      session.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1)
      session.ping(() => session.close())
      // Some clients answer nothing any more.
      const late = setTimeout(() => session.close(), roundTripMs).unref()
      session.once('close', () => clearTimeout(late))
    },
  }
}
