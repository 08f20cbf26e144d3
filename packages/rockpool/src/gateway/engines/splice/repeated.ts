import { HeaderMemo } from '../../header-memo.ts'
import { readAgain } from './head.ts'
import type { RequestMessage } from './head.ts'

/** Whoever never repeats its headers is not asked again and again. */
const mostMisses = 16
const [carriageReturn, lineFeed] = [13, 10]
/** A longer head is read each time, and not kept. */
const mostBytes = 4 * 1024

/**
 * The header section of the last request of a connection. Clients that keep connections send the same one most times, and
 * what compares byte by byte need not be read again: only the request line is.
 */
export class Repeated {
  /** The last request. */
  request: RequestMessage | null = null
  /** Of its headers, once they have come again. */
  private memo: HeaderMemo | undefined
  /** Its bytes, from behind the request line to the end of the empty line. */
  private section: Buffer | null = null
  private misses = 0

  /** A whole head, without its empty line, and what was read of it. */
  keep(text: string, request: RequestMessage): void {
    this.memo = undefined
    this.section = null
    this.request = null
    if (this.misses === mostMisses || request.minor === 0 || text.length > mostBytes) return
    this.misses += 1
    const section = `${text.slice(text.indexOf('\r\n') + 2)}\r\n`
    // Not of Node's pool: a connection that is idle for long would keep 64 KB of it.
    this.section = Buffer.allocUnsafeSlow(section.length)
    this.section.write(section, 'latin1')
    this.request = request
  }

  /** For the headers of a request: undefined where they are not those of the one before. */
  memoOf(headers: readonly string[]): HeaderMemo | undefined {
    return this.memo?.headers === headers ? this.memo : undefined
  }

  /** Gives the index after the head that begins at `from`; 0: it is another one, or not all of it is here. */
  read(bytes: Buffer, from: number): number {
    const { section, request } = this
    if (section === null || request === null) return 0
    const start = bytes.indexOf(lineFeed, from) + 1
    const end = start + section.length
    if (start === 0 || end > bytes.length || end - from > mostBytes) return 0
    if (bytes.compare(section, 0, section.length, start, end) !== 0) return 0
    const line = bytes.toString('latin1', from, start)
    if (line.charCodeAt(line.length - 2) !== carriageReturn) return 0
    const again = readAgain(line, line.length - 2, request)
    if (again === undefined) return 0
    this.misses = 0
    this.request = again
    this.memo ??= new HeaderMemo(again.headers)
    return end
  }
}
