import type { Socket } from 'node:net'

/** How a client begins that knows beforehand that HTTP/2 is spoken here (RFC 9113 3.3 and 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

/**
 * Reads the first bytes of a connection, gives them back to it, and tells whether HTTP/2 begins there. Whatever cannot be
 * the preface any more is HTTP/1.1, as is what has not made up its mind within `withinMs`. A connection that has said nothing
 * until then is closed.
 */
export function peek(socket: Socket, withinMs: number, found: (protocol: 'h2' | 'http/1.1') => void): void {
  let read: Buffer = Buffer.alloc(0)
  const timer = setTimeout(() => {
    if (read.length === 0) socket.destroy()
    else settle('http/1.1')
  }, withinMs).unref()
  const onData = (chunk: Buffer) => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
    const length = Math.min(read.length, preface.length)
    if (!read.subarray(0, length).equals(preface.subarray(0, length))) settle('http/1.1')
    else if (length === preface.length) settle('h2')
  }
  const onEnd = () => settle('http/1.1')
  const forget = () => {
    clearTimeout(timer)
    socket.off('data', onData).off('end', onEnd).off('close', forget).off('error', ignore)
  }

  function settle(protocol: 'h2' | 'http/1.1'): void {
    forget()
    socket.pause()
    // Nothing can be given back after the end; who sent less than a method has no answer to expect either.
    if (socket.readableEnded) return void socket.destroy()
    socket.unshift(read)
    found(protocol)
  }

  socket.on('data', onData).on('end', onEnd).on('close', forget).on('error', ignore)
}

const ignore = () => {}
