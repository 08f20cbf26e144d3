import type { ContractFinding } from '../contracts/index.ts'
import { message } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** Findings as lines, errors first. What is said of several places is said once, with the first of them, unless `all`. Pure. */
export function findingsOf(
  findings: readonly ContractFinding[],
  { mark }: Pick<Terminal, 'mark'>,
  { all = false }: { all?: boolean } = {},
): string[] {
  const groups = new Map<string, ContractFinding[]>()
  findings.forEach((finding, index) => {
    const key = all ? String(index) : `${finding.level} ${finding.message}`
    groups.set(key, [...(groups.get(key) ?? []), finding])
  })
  return [...groups.values()].flatMap(([first, ...others]) => {
    const { level, file, line, path, message: text } = first!
    const where = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}  `
    const more = others.length === 0 ? '' : ` (and in ${others.length} more places: --all)`
    const sign = level === 'error' ? mark.fail : mark.unsure
    return [`${sign} ${message(`${where}${path}`)}`, `    ${message(text)}${more}`]
  })
}
