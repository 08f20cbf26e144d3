import { stripVTControlCharacters, styleText } from 'node:util'

/*
 * Results go to stdout, progress and errors to stderr. A mark and a word come first, colour third: with NO_COLOR,
 * TERM=dumb or --no-color (and where there is no terminal) the marks are plain words. Width is 80.
 */

export interface Terminal {
  /** A line of a result. */
  print(line?: string): void
  /** A line of progress or of an error. */
  note(line: string): void
  /** A piece of progress that is not a whole line. */
  write(text: string): void
  /** Whether stderr is a terminal that can redraw. */
  readonly live: boolean
  /** Columns that a line may take: 80, or fewer on a narrower terminal. */
  readonly width: number
  /** A long line of a result, folded between words for a terminal, further lines indented; elsewhere as it is. */
  printFolded(line: string, indent: number): void
  readonly mark: { pass: string; fail: string; unsure: string; moving: string; waiting: string }
}

export interface TerminalStreams {
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }
  environment: NodeJS.ProcessEnv
}

const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

export function createTerminal(
  streams: TerminalStreams = { stdout: process.stdout, stderr: process.stderr, environment: process.env },
): Terminal {
  const { stdout, stderr, environment } = streams
  const plain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb' || !stdout.isTTY
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    plain ? text : styleText(format, text, { validateStream: false })
  const print = (line = '') => void stdout.write(`${line}\n`)
  const columnsOf = (stream: { columns?: number }) => Math.min(80, Math.max(20, stream.columns || 80))
  return {
    print,
    printFolded(line, indent) {
      const [first = '', ...others] = stdout.isTTY ? fold(line, columnsOf(stdout), indent) : [line]
      print(first)
      for (const other of others) print(' '.repeat(indent) + other)
    },
    note: (line) => void stderr.write(`${line}\n`),
    write: (text) => void stderr.write(text),
    live: Boolean(stderr.isTTY) && environment['TERM'] !== 'dumb',
    get width() {
      return columnsOf(stderr)
    },
    mark: plain
      ? { pass: 'ok  ', fail: 'FAIL', unsure: '??  ', moving: '... ', waiting: '-   ' }
      : {
          pass: style('green', '✔'),
          fail: style('red', '✘'),
          unsure: style('yellow', '?'),
          moving: '◌',
          waiting: '·',
        },
  }
}

/** Foreign text on one line: control characters, escapes and marks that turn the writing direction are shown, not obeyed. */
export function shown(text: string): string {
  return text.replace(unprintable, (character) => {
    if (character === '\n') return '⏎'
    if (character === '\t') return ' '
    const code = character.codePointAt(0)!
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

/**
 * Folds a line between words; those after the first leave room for an indent of so many columns. A word that is longer
 * than a line is cut, for the rows that a redraw goes up are counted.
 */
export function fold(text: string, width: number, indent = 0): string[] {
  const lines: string[] = []
  let rest = text
  for (;;) {
    const room = Math.max(1, lines.length === 0 ? width : width - indent)
    if (rest.length <= room) return [...lines, rest]
    const gap = rest.lastIndexOf(' ', room)
    const head = rest.slice(0, gap < 0 ? room : gap)
    // Blanks that stand before the first word are the line's own indent, and no place to fold it.
    const cut = head.trim() === '' ? rest.slice(0, room) : head
    lines.push(cut.trimEnd())
    rest = rest.slice(cut.length).trimStart()
  }
}

/** Rows as aligned columns; the last column is not padded. */
export function columns(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => stripVTControlCharacters(row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1
          ? cell
          : cell + ' '.repeat(widths[column]! - stripVTControlCharacters(cell).length + gap),
      )
      .join('')
      .trimEnd(),
  )
}
