import { styleText } from 'node:util'
import type { Verdict } from '../types.ts'

/** Where a reporter writes. */
export interface Output {
  write(text: string): unknown
  isTTY?: boolean | undefined
  columns?: number | undefined
}

/** Mark and word first, colour third; without colour the mark is a plain word. */
export interface Style {
  mark(verdict: Verdict): string
  faint(text: string): string
  bold(text: string): string
  red(text: string): string
}

export function createStyle(output: Output, environment: NodeJS.ProcessEnv): Style {
  const plain = Boolean(environment.NO_COLOR) || environment.TERM === 'dumb' || output.isTTY !== true
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    plain ? text : styleText(format, text, { validateStream: false })
  const marks = plain
    ? { pass: 'ok  ', fail: 'FAIL', uncheckable: '??  ' }
    : {
        pass: `${paint('green')('✔')} pass`,
        fail: `${paint('red')('✘')} fail`,
        uncheckable: `${paint('yellow')('?')} uncheckable`,
      }
  return { mark: (verdict) => marks[verdict], faint: paint('dim'), bold: paint('bold'), red: paint('red') }
}
