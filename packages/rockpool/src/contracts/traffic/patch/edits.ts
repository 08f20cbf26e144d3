/** Text to be put into a text. */
export interface Edit {
  /** Index into the text as it was. */
  at: number
  text: string
  /** Of several at one place, those further inside come first. */
  depth: number
}

export function withEdits(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.toSorted((a, b) => a.at - b.at || b.depth - a.depth)
  let after = ''
  let from = 0
  for (const { at, text: added } of inOrder) {
    after += text.slice(from, at) + added
    from = at
  }
  return after + text.slice(from)
}

/** How the lines of a text end. */
export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** Characters between the beginning of a line and an index into it. */
export function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1)
}

/** What a line begins with, as far as it is space. */
export function indentOf(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1
  return /^[ \t]*/.exec(text.slice(start, start + 1_000))![0]
}
