// The service behind every proxy: answers GET …/1k and …/64k with fixed bytes, and …/echo with the head that it received.
// It reads no more of HTTP than that, so that it costs all proxies the same, and little.
import { createServer } from 'node:net'

/** Bytes that differ from place to place: an answer that was cut or mixed up is not equal to them. @param {number} size */
function bodyOf(size) {
  return Buffer.from(Array.from({ length: size }, (_, index) => 97 + ((index * 7 + (index >> 8)) % 26)))
}

/** @type {Record<string, Buffer>} */
export const bodies = { '1k': bodyOf(1024), '64k': bodyOf(64 * 1024) }

/** @param {Buffer | string} body */
function answerOf(body) {
  const head =
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n' +
    `Content-Length: ${Buffer.byteLength(body)}\r\nDate: ${new Date().toUTCString()}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(body)])
}

/** @returns {Promise<number>} its port on 127.0.0.1 */
export async function startUpstream() {
  const answers = Object.fromEntries(Object.entries(bodies).map(([name, body]) => [name, answerOf(body)]))

  /** @param {string} head */
  const answer = (head) => {
    const target = head.slice(4, head.indexOf(' ', 4))
    const name = target.slice(target.lastIndexOf('/') + 1)
    return answers[name] ?? answerOf(JSON.stringify(head))
  }

  const server = createServer({ noDelay: true }, (socket) => {
    let begun = ''
    socket.on('data', (chunk) => {
      begun += chunk.toString('latin1')
      if (!begun.endsWith('\r\n\r\n')) return
      const head = begun
      begun = ''
      socket.write(answer(head))
    })
    // A proxy that ends, or lets an idle connection go, is no failure here.
    socket.on('error', () => socket.destroy())
  })
  await new Promise((/** @type {(value?: unknown) => void} */ resolve) =>
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => resolve()),
  )
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port
}
