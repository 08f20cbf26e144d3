import { CommanderError } from 'commander'
import { Problem, messageOf } from '../kernel/index.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** 0 yes, 1 no, 2 cannot tell or not allowed. */
export type ExitCode = 0 | 1 | 2

/** One clear message for whatever went wrong: what, where, what to do; the exit code is 2. */
export function reportFailure(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (json) {
    const document =
      error instanceof Problem ? error.toJSON() : { code: 'internal', detail: messageOf(error) }
    terminal.print(JSON.stringify({ problem: document }))
    return 2
  }
  terminal.note(`${terminal.mark.fail} ${shown(messageOf(error))}`)
  if (error instanceof Problem) {
    for (const finding of error.findings) {
      const where = finding.file ? `${finding.file}${finding.line ? `:${finding.line}` : ''}  ` : ''
      terminal.note(`    ${shown(`${where}${finding.path}  ${finding.message}`)}`)
    }
  } else if (error instanceof Error && error.stack) {
    // Not one of our own messages: a mistake in Rockpool, and then its place helps.
    terminal.note(shown(error.stack.split('\n').slice(1, 6).join('\n')))
  }
  return 2
}
