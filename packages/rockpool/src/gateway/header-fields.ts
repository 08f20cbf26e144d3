/**
 * Header fields in two forms: what is read comes as one, what is written goes as the other, and most fields pass through. Each
 * form is made when somebody asks for it. Nobody changes them.
 */
export interface HeaderFields {
  /** Names and values in turns, in their order. */
  readonly list: readonly string[]
  /** As they are written: `name: value` and the end of a line, for each. */
  readonly text: string
}

export const noFields: HeaderFields = { list: [], text: '' }

export function fieldsOf(list: readonly string[]): HeaderFields {
  return new ListedFields(list)
}

/** `text`: lines as `HeaderFields.text` says. */
export function writtenFields(text: string): HeaderFields {
  return new WrittenFields(text)
}

export function joinFields(...parts: readonly HeaderFields[]): HeaderFields {
  return new JoinedFields(parts)
}

class ListedFields implements HeaderFields {
  readonly list: readonly string[]
  private lines: string | undefined

  constructor(list: readonly string[]) {
    this.list = list
  }

  get text(): string {
    return (this.lines ??= linesOf(this.list))
  }
}

class WrittenFields implements HeaderFields {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get list(): readonly string[] {
    const list: string[] = []
    for (const line of this.text.split('\r\n')) {
      const colon = line.indexOf(':')
      if (colon > 0) list.push(line.slice(0, colon), line.slice(colon + 2))
    }
    return list
  }
}

class JoinedFields implements HeaderFields {
  private readonly parts: readonly HeaderFields[]

  constructor(parts: readonly HeaderFields[]) {
    this.parts = parts
  }

  get list(): readonly string[] {
    return this.parts.flatMap(({ list }) => list)
  }

  get text(): string {
    let text = ''
    for (const part of this.parts) text += part.text
    return text
  }
}

/**
 * Fields as a peer wrote them. Where each of their parts lies in `raw` is known, and they are taken out of it only where
 * somebody looks at them.
 */
export class HeaderSection implements HeaderFields {
  readonly raw: string
  /** Of each field four indices into `raw`: of its name, of the colon behind it, of its value, and of its value's end. */
  private readonly marks: readonly number[]
  private names: string[] | undefined

  constructor(raw: string, marks: readonly number[]) {
    this.raw = raw
    this.marks = marks
  }

  get count(): number {
    return this.marks.length / 4
  }

  get list(): readonly string[] {
    if (this.names !== undefined) return this.names
    const list: string[] = []
    for (let field = 0; field < this.count; field++) list.push(this.nameOf(field), this.valueOf(field))
    return (this.names = list)
  }

  get text(): string {
    return linesOf(this.list)
  }

  nameOf(field: number): string {
    return this.raw.slice(this.startOf(field), this.colonOf(field))
  }

  valueOf(field: number): string {
    return this.raw.slice(this.marks[field * 4 + 2], this.marks[field * 4 + 3])
  }

  startOf(field: number): number {
    return this.marks[field * 4]!
  }

  colonOf(field: number): number {
    return this.marks[field * 4 + 1]!
  }

  /** Behind the end of its line, where it stands as it would be written anew: one space after the colon, and none at the end. -1: it does not. */
  writtenEndOf(field: number): number {
    const value = this.marks[field * 4 + 2]!
    const end = this.marks[field * 4 + 3]!
    const { raw } = this
    if (value !== this.colonOf(field) + 2 || raw.charCodeAt(value - 1) !== 32) return -1
    return raw.charCodeAt(end) === 13 ? end + 2 : -1
  }
}

/** `HeaderFields.text` of a list. In one piece: what is joined of pieces is put together anew each time it is written. */
export function linesOf(list: readonly string[]): string {
  if (list.length === 0) return ''
  const parts: string[] = []
  for (let index = 0; index < list.length; index += 2)
    parts.push(list[index]!, ': ', list[index + 1]!, '\r\n')
  return parts.join('')
}
