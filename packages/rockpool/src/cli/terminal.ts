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
  /** Whether stderr is a terminal that can redraw. */
  readonly live: boolean
  readonly mark: { pass: string; fail: string; unsure: string; moving: string; waiting: string }
  bold(text: string): string
  faint(text: string): string
  colour(name: 'green' | 'red' | 'yellow', text: string): string
}

export interface TerminalStreams {
  stdout: NodeJS.WritableStream & { isTTY?: boolean }
  stderr: NodeJS.WritableStream & { isTTY?: boolean }
  environment: NodeJS.ProcessEnv
}

const escapes = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

export function createTerminal(
  streams: TerminalStreams = { stdout: process.stdout, stderr: process.stderr, environment: process.env },
): Terminal {
  const { stdout, stderr, environment } = streams
  const plain = Boolean(environment['NO_COLOR']) || environment['TERM'] === 'dumb' || !stdout.isTTY
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    plain ? text : styleText(format, text, { validateStream: false })
  return {
    print: (line = '') => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    live: Boolean(stderr.isTTY) && environment['TERM'] !== 'dumb',
    mark: plain
      ? { pass: 'ok  ', fail: 'FAIL', unsure: '??  ', moving: '... ', waiting: '-   ' }
      : {
          pass: style('green', '✔'),
          fail: style('red', '✘'),
          unsure: style('yellow', '?'),
          moving: '◌',
          waiting: '·',
        },
    bold: (text) => style('bold', text),
    faint: (text) => style('dim', text),
    colour: (name, text) => style(name, text),
  }
}

/** Foreign text, made safe: escape sequences are taken out, other control characters are shown. */
export function shown(text: string): string {
  return stripVTControlCharacters(text).replace(
    escapes,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
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
