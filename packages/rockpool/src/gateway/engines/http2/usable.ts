import { constants } from 'node:http2'
import type { ServerHttp2Session } from 'node:http2'

/** What nghttp2 tells Node of a client's errors by (nghttp2.h): of one of a stream or of the session, of a preface that is none. */
const errnos = { protocol: -505, badPreface: -903 }

/**
 * Node ends a session with INTERNAL_ERROR for any error of the client that nghttp2 tells it of. Some are one stream's
 * (RFC 9113 8.1.1: more DATA than `content-length` says), and nghttp2 has reset that; one is none (6.7: an acknowledgement
 * of a PING that was not sent). Where nghttp2 has not ended the session itself, it goes on.
 *
 * A session that nghttp2 has ended sends no SETTINGS any more: nothing else tells. That of a client that does not read is
 * ended, as is one that has ten SETTINGS to acknowledge, which is the most that Node lets wait.
 *
 * @param onError hears of each
 */
export function keepWhereUsable(session: ServerHttp2Session, onError: () => void): void {
  const destroy = session.destroy.bind(session)
  let errors = 0

  session.destroy = (error, code) => {
    const errno = code === undefined ? errnoOf(error) : undefined
    // 3.4: an error of the client, not ours.
    if (errno === errnos.badPreface) return destroy(error, constants.NGHTTP2_PROTOCOL_ERROR)
    if (errno !== errnos.protocol) return destroy(error, code)
    errors += 1
    // What nghttp2 had to say is written first.
    if (errors === 1) setImmediate(() => probe(error as Error))
    onError()
  }

  function probe(error: Error): void {
    if (session.destroyed) return
    const [before, known] = [session.socket.bytesWritten, errors]
    const end = () => destroy(error, constants.NGHTTP2_PROTOCOL_ERROR)
    try {
      session.settings({})
    } catch {
      return end()
    }
    const judge = () => {
      if (session.destroyed) return
      if (session.socket.bytesWritten === before) return end()
      // One that came meanwhile may have been its end.
      if (errors > known) return probe(error)
      errors = 0
    }
    setImmediate(() => setImmediate(judge))
  }
}

function errnoOf(error: unknown): number | undefined {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException
  return code === 'ERR_HTTP2_ERROR' ? errno : undefined
}
