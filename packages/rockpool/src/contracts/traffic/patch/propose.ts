import { isEqual } from '../../json-equal.ts'
import { readText } from '../../source/text.ts'
import type { SourceDocument } from './documents.ts'
import { withEdits } from './edits.ts'
import type { Edit } from './edits.ts'
import { jsonEdits } from './json-edits.ts'
import { applied, settle, toJsonPatch } from './settle.ts'
import type { Settled } from './settle.ts'
import type { Addition, AddOperation } from './types.ts'
import { yamlEdits } from './yaml-edits.ts'

export interface Proposal {
  operations: AddOperation[]
  /** Of its text; null: there is no place for it there. */
  edits: Edit[] | null
}

/**
 * What additions are in the text of one document. Null: something stands in their way.
 * @param isSure that the text will be the document with them, as the text with more of them is; else it is read once more
 */
export function propose(
  document: SourceDocument,
  additions: readonly Addition[],
  isSure = false,
): Proposal | null {
  const settled = settle(document.value, additions)
  if (settled === null) return null
  const edits = editsOf(document, settled)
  const isGood = edits !== null && (isSure || isThat(document, settled, withEdits(document.file.text, edits)))
  return { operations: toJsonPatch(settled), edits: isGood ? edits : null }
}

function editsOf(document: SourceDocument, settled: readonly Settled[]): Edit[] | null {
  const yaml = document.yaml()
  return yaml === null ? jsonEdits(document, settled) : yamlEdits(document.file.text, yaml, settled)
}

/** Read again, it is the document with what was added, and with nothing else. */
function isThat({ file, value }: SourceDocument, settled: readonly Settled[], text: string): boolean {
  const read = readText(text, file.name)
  return read.findings.length === 0 && isEqual(read.value, applied(value, settled))
}
