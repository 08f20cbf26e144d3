import type { LintFinding } from '../contracts/index.ts'
import { message } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Findings as lines, as they are sorted. What is said of several places is said once, with the first of them, unless `all`. Pure. */
export function findingsOf(
  findings: readonly LintFinding[],
  { mark }: Pick<Terminal, 'mark'>,
  { all = false }: { all?: boolean } = {},
): string[] {
  const groups = Map.groupBy(findings, ({ level, rule, message: text }) =>
    all ? Symbol('each') : `${level} ${rule} ${text}`,
  )
  return [...groups.values()].flatMap(([first, ...others]) => {
    const { level, file, line, path, rule, fixable, message: text } = first!
    const where = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}  `
    const more =
      others.length === 0
        ? ''
        : ` (and in ${others.length} more ${others.length === 1 ? 'place' : 'places'}: --all)`
    const sign = level === 'error' ? mark.fail : mark.unsure
    const by = `[${rule}${fixable ? ', --fix' : ''}]`
    return [`${sign} ${message(`${where}${path}`)}`, `    ${message(text)} ${by}${more}`]
  })
}
