import type { MockFidelity } from '../contracts/index.ts'
import { formatDuration } from '../kernel/light.ts'
import { shown } from './terminal.ts'

/** How faithful the mock of a service is, in rows of two columns; none: nobody has looked. Pure. */
export function fidelityRows(seen: MockFidelity, now: number): string[][] {
  if (seen.lastSeen === null) return []
  const ago = (time: string) => `${formatDuration(Math.max(0, now - Date.parse(time)))} ago`
  const others = seen.items.filter(({ result }) => result !== 'faithful')
  return [
    ['mock', `${seen.faithful} of ${seen.operations} operations faithful, last seen ${ago(seen.lastSeen)}`],
    ...others.flatMap(({ method, path, result, reason, findings, faithfulAt }) => [
      [
        '',
        `${result}: ${shown(`${method} ${path}`)}${faithfulAt === null ? '' : `, faithful ${ago(faithfulAt)}`}`,
      ],
      ...(reason === null ? [] : [['', `  ${shown(reason)}`]]),
      ...findings.map(({ message, breaks }) => [
        '',
        `  ${breaks ? 'breaks the contract: ' : ''}${shown(message)}`,
      ]),
    ]),
  ]
}
