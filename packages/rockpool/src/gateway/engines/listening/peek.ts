import type { Socket } from 'node:net'
import { createWatch } from '../splice/watch.ts'
import type { Watched } from '../splice/watch.ts'

/** How a client begins that knows beforehand that HTTP/2 is spoken here (RFC 9113 3.3 and 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
const nothing = Buffer.alloc(0)

/** What reads the first bytes of connections. */
export interface Peek {
  /**
   * Reads the first bytes of a connection, gives them back to it, and tells whether HTTP/2 begins there. Whatever cannot be
   * the preface any more is HTTP/1.1, as is what has not made up its mind in time. A connection that has said nothing until
   * then is closed.
   */
  begin(socket: Socket): void
  /** Closes all whose protocol is not known yet. */
  close(): void
}

interface Undecided extends Watched {
  socket: Socket
  read: Buffer
}

/** `withinMs`: how long a connection has to tell. There may be thousands that have not: each is one small object. */
export function createPeek(
  withinMs: number,
  found: (socket: Socket, protocol: 'h2' | 'http/1.1') => void,
): Peek {
  const all = new Map<Socket, Undecided>()
  const watch = createWatch()

  function onData(this: Socket, chunk: Buffer): void {
    const one = all.get(this)!
    one.read = one.read.length === 0 ? chunk : Buffer.concat([one.read, chunk])
    const length = Math.min(one.read.length, preface.length)
    if (!one.read.subarray(0, length).equals(preface.subarray(0, length))) settle(this, 'http/1.1')
    else if (length === preface.length) settle(this, 'h2')
  }

  function onEnd(this: Socket): void {
    settle(this, 'http/1.1')
  }

  function onClose(this: Socket): void {
    forget(this)
  }

  function late(this: Undecided): void {
    if (this.read.length === 0) this.socket.destroy()
    else settle(this.socket, 'http/1.1')
  }

  function forget(socket: Socket): Buffer {
    const one = all.get(socket)!
    all.delete(socket)
    watch.delete(one)
    socket.off('data', onData).off('end', onEnd).off('close', onClose).off('error', ignore)
    return one.read
  }

  function settle(socket: Socket, protocol: 'h2' | 'http/1.1'): void {
    const read = forget(socket)
    socket.pause()
    // Nothing can be given back after the end; who sent less than a method has no answer to expect either.
    if (socket.readableEnded) return void socket.destroy()
    socket.unshift(read)
    found(socket, protocol)
  }

  return {
    begin(socket) {
      const one = { socket, read: nothing, due: performance.now() + withinMs, late }
      all.set(socket, one)
      watch.add(one)
      socket.on('data', onData).on('end', onEnd).on('close', onClose).on('error', ignore)
    },
    close() {
      for (const socket of all.keys()) socket.destroy()
    },
  }
}

const ignore = () => {}
