import { maxHeadBytes, readTrailers } from './head.ts'

/*
 * Where the body of a message is, byte by byte (RFC 9112 6 and 7): bytes are checked and passed on, not gathered.
 * Chunks go on as they came, but for their extensions, which nobody needs and some read differently.
 */

/** Where the bytes of a body go. */
export interface BodySink {
  /** These go on: content, and with it the chunks' own bytes unless `contentOnly`. */
  pass(bytes: Buffer, from: number, to: number): void
}

export type BodyForm = 'none' | 'length' | 'chunked' | 'close'

export interface BodyOptions {
  form: BodyForm
  /** For the form `length`. */
  length: number
  /** Chunks are undone: their content alone goes on. */
  contentOnly: boolean
  /** Hears of content as it passes. */
  taste: ((content: Buffer) => void) | null
}

const maxExtensionBytes = 4 * 1024
const maxSizeDigits = 12
/** RFC 9112 7.1.1, with the white space that it calls bad where it may stand. */
const extensions =
  /^(?:[ \t]*;[ \t]*[!#$%&'*+\-.^_`|~\w]+(?:[ \t]*=[ \t]*(?:[!#$%&'*+\-.^_`|~\w]+|"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)+$/

const none = 0
const length = 1
const untilClose = 2
const chunkSizeFirst = 3
const chunkSize = 4
const chunkExtension = 5
const chunkSizeLf = 6
const chunkData = 7
const chunkDataCr = 8
const chunkDataLf = 9
const trailerSection = 10

/** Follows one body after the other. `feed` is given all bytes in their order, however they are split. */
export class Framing {
  /** Content bytes of this body so far. */
  size = 0
  /** Of a chunked body that is over: the final empty line did not go on with the bytes, and is for whoever writes. */
  endIsOwed = false
  /** Names and values in turns, once the body is over. */
  trailers: string[] = []
  private state = none
  private left = 0
  private digits = 0
  private extensionBytes = 0
  private extension = ''
  private contentOnly = false
  private taste: BodyOptions['taste'] = null
  private section = ''
  private lineLength = 0
  private isAfterCr = false

  begin({ form, length: bytes, contentOnly, taste }: BodyOptions): void {
    this.size = 0
    this.endIsOwed = false
    if (this.trailers.length > 0) this.trailers = []
    this.left = bytes
    this.contentOnly = contentOnly
    this.taste = taste
    if (form === 'none' || (form === 'length' && bytes === 0)) this.state = none
    else if (form === 'length') this.state = length
    else if (form === 'close') this.state = untilClose
    else {
      this.state = chunkSizeFirst
      this.extensionBytes = 0
      this.section = ''
      this.lineLength = 0
      this.isAfterCr = false
    }
  }

  /** Nothing of this body is to come. */
  get over(): boolean {
    return this.state === none
  }

  get lastsUntilClose(): boolean {
    return this.state === untilClose
  }

  /** Takes what belongs to the body. Gives the index after it; -1 when its form is broken. */
  feed(bytes: Buffer, from: number, to: number, sink: BodySink): number {
    if (this.state === none) return from
    if (this.state === length) {
      const end = Math.min(to, from + this.left)
      this.left -= end - from
      if (this.left === 0) this.state = none
      this.take(bytes, from, end)
      sink.pass(bytes, from, end)
      return end
    }
    if (this.state === untilClose) {
      this.take(bytes, from, to)
      sink.pass(bytes, from, to)
      return to
    }
    return this.feedChunks(bytes, from, to, sink)
  }

  private feedChunks(bytes: Buffer, from: number, to: number, sink: BodySink): number {
    let at = from
    // What goes on as it came, from here to wherever something is left out.
    let run = this.state === chunkExtension || this.contentOnly ? -1 : from
    const flush = (end: number) => {
      if (run >= 0 && end > run) sink.pass(bytes, run, end)
      run = -1
    }
    while (at < to) {
      if (this.state === chunkData) {
        const end = Math.min(to, at + this.left)
        this.left -= end - at
        this.take(bytes, at, end)
        if (this.contentOnly) sink.pass(bytes, at, end)
        at = end
        if (this.left === 0) this.state = chunkDataCr
        continue
      }
      if (this.state === trailerSection) {
        flush(at)
        return this.feedTrailers(bytes, at, to)
      }
      const byte = bytes[at++]!
      switch (this.state) {
        case chunkSizeFirst: {
          const digit = hexDigit(byte)
          if (digit < 0) return -1
          this.left = digit
          this.digits = 1
          this.state = chunkSize
          break
        }
        case chunkSize: {
          const digit = hexDigit(byte)
          if (digit >= 0) {
            if (++this.digits > maxSizeDigits) return -1
            this.left = this.left * 16 + digit
          } else if (byte === 13) this.state = chunkSizeLf
          else if (byte === 59) {
            flush(at - 1)
            this.extension = ';'
            this.state = chunkExtension
          } else return -1
          break
        }
        case chunkExtension:
          if (++this.extensionBytes > maxExtensionBytes) return -1
          if (byte !== 13) this.extension += String.fromCharCode(byte)
          else if (!extensions.test(this.extension)) return -1
          else {
            if (!this.contentOnly) run = at - 1
            this.state = chunkSizeLf
          }
          break
        case chunkSizeLf:
          if (byte !== 10) return -1
          if (this.left > 0) this.state = chunkData
          else if (!this.contentOnly && at + 1 < to && bytes[at] === 13 && bytes[at + 1] === 10) {
            // Without trailers, and all of it here: the last empty line goes on with the rest.
            at += 2
            flush(at)
            this.state = none
            return at
          } else this.state = trailerSection
          break
        case chunkDataCr:
          if (byte !== 13) return -1
          this.state = chunkDataLf
          break
        case chunkDataLf:
          if (byte !== 10) return -1
          this.state = chunkSizeFirst
          break
      }
    }
    flush(at)
    return at
  }

  /** Trailers are gathered: what of them goes on is not for the framing to say. */
  private feedTrailers(bytes: Buffer, from: number, to: number): number {
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      if ((byte < 32 && byte !== 9 && byte !== 13 && byte !== 10) || byte === 127) return -1
      if ((byte === 10) !== this.isAfterCr) return -1
      this.isAfterCr = byte === 13
      this.section += String.fromCharCode(byte)
      if (this.section.length > maxHeadBytes) return -1
      if (byte !== 10 && byte !== 13) this.lineLength++
      if (byte !== 10) continue
      const isEmpty = this.lineLength === 0
      this.lineLength = 0
      if (!isEmpty) continue
      const trailers = readTrailers(this.section.slice(0, -2))
      if (trailers === undefined) return -1
      this.trailers = trailers
      this.endIsOwed = !this.contentOnly
      this.state = none
      return at + 1
    }
    return to
  }

  private take(bytes: Buffer, from: number, to: number): void {
    this.size += to - from
    // A copy: the bytes may lie in a buffer that the next read writes into.
    if (this.taste !== null) this.taste(Buffer.from(bytes.subarray(from, to)))
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
