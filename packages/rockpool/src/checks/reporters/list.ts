import { formatDuration } from '../../kernel/index.ts'
import { oneLine } from '../printable.ts'
import type { Check } from '../types.ts'
import { attemptMessage, failureLines } from './failure.ts'
import { pageLines } from './page-lines.ts'
import type { Reporter, Summary } from './reporter.ts'
import { createStyle } from './style.ts'
import type { Output } from './style.ts'

export interface ListOptions {
  /** Results. */
  stdout: Output
  /** Progress: redrawn in place on a terminal; else one plain line each 10 s. */
  stderr: Output
  environment: NodeJS.ProcessEnv
  /** What to do next after a failure, such as a command; a line of its own. */
  next?: string
  /** Where control is, whose pages show a run. */
  control?: string
}

const width = 80
const redrawMs = 100
const plainMs = 10_000

/** For people: a line for each check as it ends, with all that is known about one that does not pass. */
export function createListReporter({ stdout, stderr, environment, next, control }: ListOptions): Reporter {
  const style = createStyle(stdout, environment)
  const isLive = stderr.isTTY === true && environment.TERM !== 'dumb'
  const running = new Map<Check, number>()
  let folder = ''
  let drawn = 0
  let timer: NodeJS.Timeout | undefined

  const clear = () => {
    if (drawn > 0) stderr.write(`\u001b[${drawn}A\u001b[0J`)
    drawn = 0
  }
  const draw = () => {
    clear()
    // A line that wraps would take two rows, and clearing would miss one.
    const columns = Math.min(width, (stderr.columns ?? width) - 1)
    const lines = [...running].map(([check, began]) =>
      row('  ◌ ', check.name, formatDuration(performance.now() - began), columns),
    )
    for (const line of lines) stderr.write(`${line}\n`)
    drawn = lines.length
  }
  const say = () => {
    for (const [check, began] of running) {
      stderr.write(`  ... ${oneLine(check.name)}, for ${formatDuration(performance.now() - began)}\n`)
    }
  }
  const print = (lines: readonly string[]) => {
    if (isLive) clear()
    for (const line of lines) stdout.write(`${line}\n`)
    if (isLive) draw()
  }

  return {
    discovered({ findings, folder: where }) {
      folder = where
      for (const { message, file, line } of findings) {
        const place = file ? `${oneLine(file)}${line === undefined ? '' : `:${line}`}: ` : ''
        stderr.write(`  ${place}${oneLine(message)}\n`)
      }
      timer = setInterval(isLive ? draw : say, isLive ? redrawMs : plainMs)
      timer.unref()
    },
    started(check) {
      running.set(check, performance.now())
      if (isLive) draw()
    },
    finished(result) {
      running.delete(result.check)
      const { verdict, attempts, ms } = result
      const tries =
        attempts.length > 1 && verdict === 'pass'
          ? ` (attempt ${attempts.length}; the first: ${attemptMessage(attempts[0]!)})`
          : ''
      const head = row(
        `  ${style.mark(verdict)}  `,
        `${result.check.name}${tries}`,
        formatDuration(ms),
        width,
      )
      const trouble = verdict === 'pass' ? [] : failureLines(result, folder, style)
      const body = [...trouble, ...pageLines(result, control)]
      print([head, ...body.map((line) => `      ${line}`)])
    },
    ended(summary) {
      clearInterval(timer)
      running.clear()
      if (isLive) clear()
      stdout.write(
        `${style.bold(summaryLine(summary))}${summary.exitCode === 0 || !next ? '' : `  Next: ${next}`}\n`,
      )
    },
  }
}

/** Name left, number right; a name that is too long pushes the number on. */
function row(mark: string, name: string, number: string, columns: number): string {
  const room = columns - visible(mark) - number.length - 1
  const text = oneLine(name, Math.max(20, room))
  return `${mark}${text.padEnd(Math.max(0, room))} ${number}`
}

/** Length without our own colours. */
function visible(text: string): number {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '').length
}

/** `3 of 4 checks pass, 1 uncheckable, 2 findings, in 4.1 s`. Pure. */
export function summaryLine({ kind, pass, fail, uncheckable, findings, ms, stopped }: Summary): string {
  const all = pass + fail + uncheckable
  const [one, many] =
    kind === 'check' ? ['check passes', 'checks pass'] : ['lifecycle is complete', 'lifecycles are complete']
  const parts = [
    all === 0 ? `No ${kind} ran` : `${pass} of ${all} ${all === 1 ? one : many}`,
    ...(fail > 0 ? [`${fail} ${fail === 1 ? 'fails' : 'fail'}`] : []),
    ...(uncheckable > 0 ? [`${uncheckable} uncheckable`] : []),
    ...(findings > 0 ? [`${findings} ${findings === 1 ? 'finding' : 'findings'}`] : []),
    ...(stopped ? ['stopped before the end'] : []),
  ]
  return `${parts.join(', ')}, in ${formatDuration(ms)}.`
}
