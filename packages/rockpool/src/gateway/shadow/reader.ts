import type { Body, Headers } from './types.ts'

/** A head that is longer is not looked at, nor is anything after it: the side is raw from there on. */
const largestHead = 128 * 1024

export interface ReaderOptions {
  /** What a first line looks like; anything else is no message. */
  firstLine: RegExp
  /** A first line and its headers are complete: how is what follows framed? Throws where it cannot tell. */
  onHead: (line: string, headers: Headers) => Body
  /** What stands in for a line of a head; the same buffer where nothing does. */
  line?: (line: Buffer) => Buffer
}

/**
 * Follows the HTTP/1 messages of one side. It gives back what it takes, byte by byte and at once, but for the line of a
 * head that is not complete yet. Whatever it does not understand makes the side raw: from there on it only hands through.
 */
export interface Reader {
  take(chunk: Buffer): Buffer[]
  /** What is held back, at the end of the side. */
  end(): Buffer[]
  /** One message is over, and nothing of a next one has come. */
  readonly isBetween: boolean
  /** Nothing more is a message: hand everything through from here on. */
  goRaw(): void
}

type State = 'first line' | 'headers' | 'bytes' | 'chunk size' | 'chunk end' | 'trailers' | 'raw'

export function createReader({ firstLine, onHead, line: standIn = (line) => line }: ReaderOptions): Reader {
  let state: State = 'first line'
  let held: Buffer[] = []
  let heldBytes = 0
  let headBytes = 0
  let first = ''
  let headers: [string, string][] = []
  /** Of the body or the chunk. */
  let left = 0
  let isChunk = false

  function takeLine(line: Buffer): Buffer {
    const text = line.toString('latin1').replace(/\r?\n$/, '')
    if (state === 'first line') {
      if (text === '') return line // RFC 9112 2.2: empty lines before a request are passed over
      if (!firstLine.test(text)) throw new Error('this is no message of HTTP/1')
      first = text
      headers = []
      headBytes = 0
      state = 'headers'
      return line
    }
    if (state === 'headers') {
      headBytes += line.length
      if (headBytes > largestHead) throw new Error('the head is too long to look at')
      if (text === '') {
        begin(onHead(first, headers))
        return line
      }
      const colon = text.indexOf(':')
      if (colon > 0) headers.push([text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()])
      return standIn(line)
    }
    if (state === 'chunk size') {
      const size = /^([0-9a-f]{1,13})[ \t]*(;|$)/i.exec(text)?.[1]
      if (size === undefined) throw new Error('a chunk has no size')
      left = Number.parseInt(size, 16)
      isChunk = true
      state = left > 0 ? 'bytes' : 'trailers'
    } else if (state === 'chunk end') {
      if (text !== '') throw new Error('a chunk is longer than it said')
      state = 'chunk size'
    } else if (text === '') state = 'first line'
    return line
  }

  function begin(body: Body): void {
    isChunk = false
    if (body === 'raw' || body === 'until-close') state = 'raw'
    else if (body === 'chunked') state = 'chunk size'
    else if (body === 'none' || body.bytes === 0) state = 'first line'
    else {
      left = body.bytes
      state = 'bytes'
    }
  }

  function release(): Buffer[] {
    const released = held
    held = []
    heldBytes = 0
    return released
  }

  function take(chunk: Buffer): Buffer[] {
    const out: Buffer[] = []
    let at = 0
    while (at < chunk.length) {
      if (state === 'raw') {
        out.push(...release(), chunk.subarray(at))
        return out
      }
      if (state === 'bytes') {
        const piece = chunk.subarray(at, at + left)
        out.push(piece)
        at += piece.length
        left -= piece.length
        if (left === 0) state = isChunk ? 'chunk end' : 'first line'
        continue
      }
      // Another protocol begins with another byte: nothing of it may wait for the end of a line.
      if (state === 'first line' && heldBytes === 0 && !beginsLine(chunk[at]!)) {
        state = 'raw'
        continue
      }
      const end = chunk.indexOf(10, at)
      const piece = end < 0 ? chunk.subarray(at) : chunk.subarray(at, end + 1)
      at += piece.length
      held.push(piece)
      heldBytes += piece.length
      if (end < 0 && heldBytes <= largestHead) continue
      const parts = release()
      if (end < 0) {
        state = 'raw'
        out.push(...parts)
        continue
      }
      const line = parts.length === 1 ? parts[0]! : Buffer.concat(parts)
      try {
        out.push(takeLine(line))
      } catch {
        state = 'raw'
        out.push(line)
      }
    }
    return out
  }

  return {
    take,
    end: release,
    get isBetween() {
      return state === 'first line' && heldBytes === 0
    },
    goRaw: () => void (state = 'raw'),
  }
}

/** A printable character of ASCII, or the end of an empty line. */
function beginsLine(byte: number): boolean {
  return byte === 13 || byte === 10 || (byte > 32 && byte < 127)
}
