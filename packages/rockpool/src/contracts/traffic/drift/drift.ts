import type { Contract } from '../../types.ts'
import { withEdits } from '../patch/edits.ts'
import type { Edit } from '../patch/edits.ts'
import { propose } from '../patch/propose.ts'
import { unifiedDiff } from '../patch/unified.ts'
import { settle } from '../patch/settle.ts'
import type { Addition } from '../patch/types.ts'
import type { Usage } from '../types.ts'
import { answerDrift } from './answers.ts'
import { createSourceDocuments } from '../patch/documents.ts'
import type { SourceDocument, SourceDocuments } from '../patch/documents.ts'
import { fieldDrift } from './fields.ts'
import type { Ground } from './fields.ts'
import { neverSeen } from './never-seen.ts'
import { createResolver } from './resolve.ts'
import { settleEntries } from './entries.ts'
import type { SettledDraft } from './entries.ts'
import type { Draft, DriftFinding, ProposedPatch, Unpatched } from './types.ts'
import { valueDrift } from './values.ts'

/** More of them nobody reads. */
const mostFindings = 1_000

export interface Drift {
  /** Warnings first, each by its place. */
  findings: DriftFinding[]
  /** All that is proposed, for each file at once. */
  patches: (ProposedPatch & { /** The whole text after it. */ text: string | null })[]
}

/**
 * In what traffic and a contract are not one: what was seen and is not declared, with what the document would have to say, and
 * what is declared and was never seen. Usage of other versions of the contract may be in it: what this one says is no finding.
 */
export function driftOf(contract: Contract, usage: Usage): Drift {
  const documents = createSourceDocuments(contract)
  const ground: Ground = { contract, documents, resolver: createResolver(contract), rows: usage.rows }
  const missing = [...fieldDrift(ground), ...valueDrift(ground), ...answerDrift(ground)].sort(byPlace)
  const told = settleEntries(missing.slice(0, mostFindings))
  const unseen = neverSeen(ground)
    .sort(byPlace)
    .slice(0, mostFindings - told.length)
  const together = patchesOf(documents, told)
  const isSure = (file: string) => together.some((each) => each.file === file && each.text !== null)
  const findings = [
    ...told.map(({ finding, mending }) => ({ ...finding, ...patchOf(documents, mending, isSure) })),
    ...unseen.map(({ finding }) => ({ ...finding, patch: null, unpatched: null })),
  ]
  return { findings, patches: together }
}

function byPlace({ finding: a }: Draft, { finding: b }: Draft): number {
  const [one, other] = [a, b].map(
    ({ place, operations, message }) => `${place}\n${operations[0]!}\n${message}`,
  )
  return one! < other! ? -1 : one! > other! ? 1 : 0
}

type IsSure = (file: string) => boolean

type Patched = Pick<DriftFinding, 'patch' | 'unpatched'>

function patchOf(documents: SourceDocuments, mending: SettledDraft['mending'], isSure: IsSure): Patched {
  if (mending === null) return { patch: null, unpatched: null }
  if ('reason' in mending) return unpatched(mending)
  const [{ file }] = mending as [Addition]
  const document = documents.named(file)
  if (document === null || mending.some((each) => each.file !== file))
    return unpatched({ reason: 'it would have to be said in several files' })
  const proposal = propose(document, mending, isSure(file))
  if (proposal === null) return unpatched({ reason: 'something else stands where it would be said' })
  const diff = diffOf(document, proposal.edits)
  const patch = { file, operations: proposal.operations, diff }
  return { patch, unpatched: diff === null ? 'the text has no place where it could be put' : null }
}

const unpatched = ({ reason }: Unpatched): Patched => ({ patch: null, unpatched: reason })

function diffOf({ file }: SourceDocument, edits: readonly Edit[] | null): string | null {
  return edits === null ? null : unifiedDiff(file.name, file.text, edits)
}

/** Of what can be added at all. */
function patchesOf(documents: SourceDocuments, drafts: readonly SettledDraft[]): Drift['patches'] {
  const additions = drafts.flatMap(({ mending }) => (Array.isArray(mending) ? mending : []))
  return [...Map.groupBy(additions, ({ file }) => file)].flatMap(([file, all]) => {
    const document = documents.named(file)
    if (document === null) return []
    const proposal = propose(
      document,
      all.filter((each) => settle(document.value, [each]) !== null),
    )
    if (proposal === null || proposal.operations.length === 0) return []
    const { operations, edits } = proposal
    const text = edits === null ? null : withEdits(document.file.text, edits)
    return [{ file, operations, text, diff: diffOf(document, edits) }]
  })
}
