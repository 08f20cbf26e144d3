import { readDocuments } from '../load.ts'
import type { Documents } from '../load.ts'
import type { ContractReading } from '../read.ts'
import { gatherCommon } from './common/gather.ts'
import { gatherHouse } from './gather.ts'
import { withoutIgnored } from './ignored.ts'
import type { LintFinding, LintSettings } from './types.ts'

/*
 *   documents ──► reader ──► contract ──► house rules ──┐
 *       └───────────────────► common rules ─────────────┴──► each thing once ──► without what is ignored ──► by place
 */

export interface Linted {
  reading: ContractReading
  /** By place: the document itself, then the files that it leads to, line by line. */
  findings: LintFinding[]
}

/** All that is found in a contract. One that cannot be used is told with what the reader found, and no more. Never throws for what is in it. */
export async function lintDocuments(documents: Documents, settings: LintSettings): Promise<Linted> {
  const reading = readDocuments(documents)
  const read = reading.findings.map((finding): LintFinding => ({ rule: 'reader', ...finding }))
  if (!reading.ok) return { reading, findings: inOrder(read, documents) }
  const house = gatherHouse(reading.contract, settings).map(({ finding }) => finding)
  const common = await gatherCommon(documents, settings)
  const all = [...read, ...house, ...common.filter((finding) => !isToldByReader(finding, read))]
  return { reading, findings: inOrder(withoutIgnored(all, settings), documents) }
}

/** Rules of the package that ask for what the reader asks for, too, in other words. */
const alsoRead: ReadonlySet<string> = new Set(['struct', 'no-enum-type-mismatch', 'no-schema-type-mismatch'])

/** What the reader told at a place, or around it, need not be told again. */
function isToldByReader({ rule, file, path }: LintFinding, read: readonly LintFinding[]): boolean {
  if (!alsoRead.has(rule)) return false
  return read.some(
    (one) =>
      one.file === file &&
      (path === one.path || path.startsWith(`${one.path}/`) || one.path.startsWith(`${path}/`)),
  )
}

function inOrder(findings: readonly LintFinding[], { file }: Documents): LintFinding[] {
  const rank = (one: LintFinding) => (one.file === file ? 0 : 1)
  return findings.toSorted(
    (one, other) =>
      rank(one) - rank(other) ||
      compare(one.file ?? '', other.file ?? '') ||
      (one.line ?? 0) - (other.line ?? 0) ||
      compare(one.path, other.path) ||
      compare(one.rule, other.rule) ||
      compare(one.message, other.message),
  )
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
