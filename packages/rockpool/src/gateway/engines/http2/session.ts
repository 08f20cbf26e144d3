import { constants } from 'node:http2'
import type { ServerHttp2Session } from 'node:http2'
import { createBurst } from './burst.ts'

/*
 * What one client's session may cost, beside what Node bounds by itself (concurrent streams, fields, invalid frames,
 * CONTINUATION frames, memory):
 *
 *   streams that end by a reset    200 within 10 s   CVE-2023-44487, and its kin that make the server reset them
 *   PING                         1,000 within 10 s   CVE-2019-9512
 *   SETTINGS                       100 within 10 s   CVE-2019-9515
 *   no stream open                 for `idleMs`
 *
 * Whoever exceeds one of the first three gets GOAWAY with ENHANCE_YOUR_CALM (RFC 9113 10.5) and is closed; who is idle
 * gets GOAWAY without an error.
 */

const burstMs = 10_000
const mostResets = 200
const mostPings = 1_000
const mostSettings = 100
/** So long at most a request may be on its way towards a server that goes away. */
const roundTripMs = 500

export interface GuardedSession {
  /** A stream began. */
  opened(): void
  /** A stream is over. `blamed`: by a reset that is not our own. */
  closed(blamed: boolean): void
  /** RFC 9113 6.8: GOAWAY, and streams that are open finish. */
  drain(): void
}

export function guardSession(session: ServerHttp2Session, idleMs: number): GuardedSession {
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
  session.once('close', () => clearTimeout(idle))
  // Each is one client's, and over with its session.
  session.on('error', () => {})

  return {
    opened: () => void (open += 1),
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
