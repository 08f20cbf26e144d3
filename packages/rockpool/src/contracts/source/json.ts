import { setMember } from '../json-object.ts'
import type { Json, JsonObject } from '../types.ts'
import { keepWritten, setPlace } from './origins.ts'
import type { Place, SourceFile } from './origins.ts'

/** Nothing that people write is nested so deep, and what reads it must not run out of stack. */
export const maxDepth = 256

/** So many of one text are told; nobody reads more. */
export const mostFaults = 1_000

/** What is wrong with a text, and where. */
export interface SyntaxFault {
  /** Index into the text. */
  at: number
  message: string
}

export type JsonReading = { value: Json; faults: SyntaxFault[] }

/**
 * Reads JSON (RFC 8259). Unlike JSON.parse it knows where each member stands, tells a name that stands twice in an object
 * (the last one counts) and a number that JavaScript cannot hold, takes `__proto__` for a name like any other, and is bounded
 * in depth. What follows the first fault of syntax is not read: `value` is null then.
 */
export function readJson(file: SourceFile): JsonReading {
  const reader = new JsonReader(file)
  return reader.read()
}

class Fault extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

const [space, tab, lineFeed, carriageReturn] = [32, 9, 10, 13]
const [quote, backslash, comma, colon] = [34, 92, 44, 58]
const [openBrace, closeBrace, openBracket, closeBracket] = [123, 125, 91, 93]
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class JsonReader {
  private readonly file: SourceFile
  private readonly text: string
  private readonly faults: SyntaxFault[] = []
  private at = 0
  private depth = 0

  constructor(file: SourceFile) {
    this.file = file
    this.text = file.text
  }

  read(): JsonReading {
    try {
      const value = this.readValue(null, '')
      this.skipSpace()
      if (this.at < this.text.length) throw this.unexpected('the end')
      return { value, faults: this.faults }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.faults.push({ at: error.at, message: error.message })
      return { value: null, faults: this.faults }
    }
  }

  private readValue(parent: Place | null, key: string | number): Json {
    this.skipSpace()
    const code = this.text.charCodeAt(this.at)
    if (code === quote) return this.readString()
    if (code === openBrace) return this.readObject(parent, key)
    if (code === openBracket) return this.readList(parent, key)
    if (this.takeWord('true')) return true
    if (this.takeWord('false')) return false
    if (this.takeWord('null')) return null
    numberForm.lastIndex = this.at
    const number = numberForm.exec(this.text)?.[0]
    if (number === undefined) throw this.unexpected('a value')
    const value = Number(number)
    if (!Number.isFinite(value)) this.tell(this.at, 'a number is out of the range of double precision')
    this.at += number.length
    keepWritten(parent, key, value, number)
    return value
  }

  private readObject(parent: Place | null, key: string | number): JsonObject {
    const names: string[] = []
    const place: Place = { file: this.file, start: this.at, names, starts: [], parent, key }
    const object: JsonObject = {}
    setPlace(object, place)
    this.enter()
    if (this.takeAfterSpace(closeBrace)) return this.leave(object)
    do {
      this.skipSpace()
      const start = this.at
      if (this.text.charCodeAt(start) !== quote) throw this.unexpected('a name in quotes')
      const name = this.readString()
      if (!this.takeAfterSpace(colon)) throw this.unexpected('“:”')
      const value = this.readValue(place, name)
      if (Object.hasOwn(object, name)) this.tell(start, `“${name}” stands here twice`)
      setMember(object, name, value)
      names.push(name)
      place.starts.push(start)
    } while (this.takeAfterSpace(comma))
    if (!this.takeAfterSpace(closeBrace)) throw this.unexpected('“,” or “}”')
    return this.leave(object)
  }

  private readList(parent: Place | null, key: string | number): Json[] {
    const place: Place = { file: this.file, start: this.at, names: null, starts: [], parent, key }
    const list: Json[] = []
    setPlace(list, place)
    this.enter()
    if (this.takeAfterSpace(closeBracket)) return this.leave(list)
    do {
      this.skipSpace()
      place.starts.push(this.at)
      list.push(this.readValue(place, list.length))
    } while (this.takeAfterSpace(comma))
    if (!this.takeAfterSpace(closeBracket)) throw this.unexpected('“,” or “]”')
    return this.leave(list)
  }

  /** What does not end the reading. */
  private tell(at: number, message: string): void {
    if (this.faults.length < mostFaults) this.faults.push({ at, message })
  }

  private enter(): void {
    this.at += 1
    this.depth += 1
    if (this.depth > maxDepth) throw new Fault(this.at - 1, `it is nested deeper than ${maxDepth} levels`)
  }

  private leave<T>(value: T): T {
    this.depth -= 1
    return value
  }

  private readString(): string {
    const start = this.at + 1
    let end = start
    for (;;) {
      const code = this.text.charCodeAt(end)
      if (code === quote) break
      if (code === backslash) return this.readEscaped(start, end)
      // NaN: the text is over.
      if (!(code >= space))
        throw new Fault(end, 'a text in quotes ends at its line, and has no control characters')
      end += 1
    }
    this.at = end + 1
    return this.text.slice(start, end)
  }

  private readEscaped(start: number, first: number): string {
    let value = this.text.slice(start, first)
    let at = first
    for (;;) {
      const code = this.text.charCodeAt(at)
      if (code === quote) break
      if (!(code >= space))
        throw new Fault(at, 'a text in quotes ends at its line, and has no control characters')
      if (code !== backslash) {
        value += this.text[at]
        at += 1
        continue
      }
      const letter = this.text[at + 1] ?? ''
      const digits = letter === 'u' ? /^[0-9a-fA-F]{4}/.exec(this.text.slice(at + 2, at + 6))?.[0] : undefined
      const character =
        digits === undefined ? escapes[letter] : String.fromCharCode(Number.parseInt(digits, 16))
      if (character === undefined) throw new Fault(at, `“\\${letter}” is no escape of JSON`)
      value += character
      at += digits === undefined ? 2 : 6
    }
    this.at = at + 1
    return value
  }

  private takeWord(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  private takeAfterSpace(code: number): boolean {
    this.skipSpace()
    if (this.text.charCodeAt(this.at) !== code) return false
    this.at += 1
    return true
  }

  private skipSpace(): void {
    for (; ; this.at++) {
      const code = this.text.charCodeAt(this.at)
      if (code !== space && code !== lineFeed && code !== carriageReturn && code !== tab) return
    }
  }

  private unexpected(wanted: string): Fault {
    const found = this.at < this.text.length ? `“${this.text[this.at]}”` : 'the end'
    return new Fault(this.at, `expected ${wanted}, found ${found}`)
  }
}
