import { CommanderError } from 'commander'
import { Problem, messageOf, problem } from '../kernel/index.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** 0 yes, 1 no, 2 cannot tell or not allowed. */
export type ExitCode = 0 | 1 | 2

/** A message longer than this repeats what somebody sent; its head is enough to know it by. */
const longest = 1_000

/** One clear message for whatever went wrong: what, where, what to do; the exit code is 2. */
export function reportFailure(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError) {
    // Help that was asked for. Commander has said on stderr whatever else it refused.
    if (error.exitCode === 0) return 0
    if (json) printProblem(terminal, problem('invalid_input', error.message.replace(/^error: /, '')))
    return 2
  }
  if (json) {
    printProblem(terminal, error instanceof Problem ? error : problem('internal', messageOf(error)))
    return 2
  }
  terminal.note(`${terminal.mark.fail} ${message(messageOf(error))}`)
  if (error instanceof Problem) {
    for (const finding of error.findings) {
      const where = finding.file ? `${finding.file}${finding.line ? `:${finding.line}` : ''}  ` : ''
      terminal.note(`    ${message(`${where}${finding.path}  ${finding.message}`)}`)
    }
  } else if (error instanceof Error && error.stack) {
    // Not one of our own messages: a mistake in Rockpool, and then its place helps.
    for (const line of error.stack.split('\n    at ').slice(1, 6)) terminal.note(`    at ${shown(line)}`)
  }
  return 2
}

/** Foreign text may be in it: further lines are indented, so that none passes for a message of ours. */
export function message(text: string): string {
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text
  return short.split('\n').map(shown).join('\n    ')
}

function printProblem(terminal: Terminal, refused: Problem): void {
  terminal.print(JSON.stringify({ problem: refused.toJSON() }))
}
