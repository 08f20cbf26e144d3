import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Socket } from 'node:net'
import { withoutHeaders } from '../header-list.ts'
import { resetSocket, toEntries } from './client-side.ts'
import type { ClientSide } from './client-side.ts'

/** So long at most a client that has its answer may take to go. */
const lingerMs = 5_000

export interface UpgradeClientOptions {
  /** Whether the connection may go on with HTTP after an answer that does not switch. */
  mayStay(): boolean
  /** The answer is out, and it goes on. */
  stay(): void
}

/**
 * The client's side of a GET without a body that asks for another protocol: node:http has let go of its connection,
 * for what comes next on it need not be HTTP. After an answer that does not switch, what was sent ahead is read by nobody.
 */
export function createUpgradeClient(socket: Socket, { mayStay, stay }: UpgradeClientOptions): ClientSide {
  let head = ''
  let isChunked = false
  let stays = false
  let isWhole = false
  const listeners: (() => void)[] = []
  const over = () => {
    for (const listener of listeners.splice(0)) listener()
  }
  // 'close' follows.
  const ignore = () => {}
  socket.on('error', ignore)
  socket.once('close', over)

  function end(bytes: Buffer): void {
    socket.write(bytes, (error) => {
      if (error) return
      isWhole = true
      over()
      if (stays) {
        socket.off('error', ignore).off('close', over)
        return stay()
      }
      const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
      socket.once('close', () => clearTimeout(timer))
      socket.resume().end()
    })
  }

  /** What the head says of the connection, which holds from then on. */
  function connection(): string[] {
    stays = socket.readableLength === 0 && mayStay()
    return ['Connection', stays ? 'keep-alive' : 'close']
  }

  function takeHead(): string {
    const text = head
    head = ''
    return text
  }

  return {
    method: 'GET',
    length: null,
    hasBody: false,
    async *body() {},
    writeHead(status, headers) {
      const framed = status === 204 || status === 304 || has(headers, 'content-length')
      isChunked = !framed
      head = headText(status, headers, [
        ...connection(),
        ...(framed ? [] : ['Transfer-Encoding', 'chunked']),
        ...(has(headers, 'date') ? [] : ['Date', new Date().toUTCString()]),
      ])
    },
    flushHead() {
      if (head !== '') socket.write(takeHead(), 'latin1')
    },
    write(chunk) {
      socket.cork()
      socket.write(isChunked ? `${takeHead()}${chunk.length.toString(16)}\r\n` : takeHead(), 'latin1')
      socket.write(chunk)
      if (isChunked) socket.write('\r\n')
      socket.uncork()
      return !socket.writableNeedDrain
    },
    onDrain: (listener) => void socket.once('drain', listener),
    end(trailers) {
      const last = isChunked ? `0\r\n${fieldsText(trailers)}\r\n` : ''
      end(Buffer.from(takeHead() + last, 'latin1'))
    },
    answer({ status, headers, body }) {
      const text = headText(
        status,
        withoutHeaders(headers, (name) => name === 'connection'),
        connection(),
      )
      end(Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(body)]))
      return Buffer.byteLength(body)
    },
    discardBody() {},
    breakOff: () => void socket.destroy(),
    flushed(listener) {
      socket.write(takeHead(), 'latin1', () => listener())
    },
    reset: () => resetSocket(socket),
    switchTo(protocol, headers) {
      const own = ['Connection', 'Upgrade', 'Upgrade', protocol]
      // RFC 9110 8.6 and RFC 9112 6.1: nothing frames a body that this answer cannot have.
      const framing = /^(connection|upgrade|content-length|transfer-encoding)$/
      const rest = withoutHeaders(headers, (name) => framing.test(name))
      socket.write(headText(101, own, rest), 'latin1')
      return socket
    },
    gone: () => socket.destroyed,
    finished: () => isWhole,
    onClose: (listener) => void listeners.push(listener),
  }
}

/** Throws where a header may not be written. */
function headText(status: number, headers: readonly string[], more: readonly string[]): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${fieldsText(headers)}${fieldsText(more)}\r\n`
}

function fieldsText(headers: readonly string[]): string {
  let text = ''
  for (const [name, value] of toEntries(headers)) {
    validateHeaderName(name)
    validateHeaderValue(name, value)
    text += `${name}: ${value}\r\n`
  }
  return text
}

function has(headers: readonly string[], name: string): boolean {
  return headers.some((header, index) => index % 2 === 0 && header.toLowerCase() === name)
}
