// One keep-alive connection of the load client: one request at a time, and every byte of every answer is looked at.
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

const endOfHead = Buffer.from('\r\n\r\n')
const lengthOf = /\r\ncontent-length: *(\d+)\r\n/i

/**
 * What was read is looked at before the next read: one buffer does for all connections.
 * @type {Buffer}
 */
const shared = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * @typedef {{ port: number, encrypted: boolean, request: string, body: Buffer, localAddress?: string }} ConnectionOptions
 * `body`: what every answer must bring
 * @typedef {{ ask(done: () => void): void, close(): void }} Connection
 * @param {ConnectionOptions} options
 * @param {(error: Error) => void} failed an answer that is not 200, not complete or not equal; a lost connection
 * @returns {Promise<Connection>}
 */
export function openConnection({ port, encrypted, request, body, localAddress }, failed) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer | undefined} part of a head */
    let begun
    let inBody = false
    let received = 0
    /** @type {(() => void) | undefined} */
    let waiting
    let closed = false

    /** @param {string} message */
    const fail = (message) => {
      if (closed) return
      closed = true
      socket.destroy()
      const error = new Error(message)
      reject(error)
      failed(error)
    }

    /** @param {Buffer} read the whole of it counts, and only until this returns */
    const take = (read) => {
      let from = 0
      if (!inBody) {
        const known = begun ? Buffer.concat([begun, read]) : read
        const end = known.indexOf(endOfHead)
        if (end < 0) return void (begun = Buffer.from(known))
        const head = known.toString('latin1', 0, end + 2)
        if (!waiting) return fail(`an answer that nobody asked for: ${head.slice(0, 200)}`)
        if (!head.startsWith('HTTP/1.1 200 '))
          return fail(`an answer that is not 200: ${known.toString('latin1', 0, 2_000)}`)
        if (Number(lengthOf.exec(head)?.[1]) !== body.length)
          return fail(`an answer that does not say ${body.length} bytes: ${head}`)
        from = end + 4 - (known.length - read.length)
        begun = undefined
        inBody = true
        received = 0
      }
      const count = read.length - from
      if (received + count > body.length || read.compare(body, received, received + count, from) !== 0)
        return fail('an answer whose body is not what the upstream sent')
      received += count
      if (received < body.length) return
      inBody = false
      const done = waiting
      waiting = undefined
      done?.()
    }

    const onread = {
      buffer: shared,
      callback: (/** @type {number} */ count) => {
        take(shared.subarray(0, count))
        return true
      },
    }
    const address = { port, host: '127.0.0.1', noDelay: true, onread, ...(localAddress && { localAddress }) }
    // The same cipher for all; the proxy's certificate is the benchmark's own.
    const tls = {
      ...address,
      rejectUnauthorized: false,
      minVersion: /** @type {const} */ ('TLSv1.3'),
      ciphers: 'TLS_AES_128_GCM_SHA256',
      ALPNProtocols: ['http/1.1'],
    }
    const socket = encrypted ? connectTls(tls) : connect(address)
    socket.once(encrypted ? 'secureConnect' : 'connect', () =>
      resolve({
        ask(done) {
          waiting = done
          socket.write(request, 'latin1')
        },
        close() {
          closed = true
          socket.destroy()
        },
      }),
    )
    socket.on('error', (error) => fail(`a connection failed: ${error.message}`))
    socket.on('close', () => fail('a connection was closed by the proxy'))
  })
}
