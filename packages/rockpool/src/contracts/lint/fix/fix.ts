import { differencesOf } from '../../differences/index.ts'
import { isEqual } from '../../json-equal.ts'
import type { Documents } from '../../load.ts'
import { readDocuments } from '../../load.ts'
import { fileOf, placeOf } from '../../source/origins.ts'
import { readText } from '../../source/text.ts'
import type { Contract, Json } from '../../types.ts'
import { gatherHouse } from '../gather.ts'
import { isIgnored } from '../ignored.ts'
import type { LintFinding, LintSettings } from '../types.ts'
import { changeOf, changed } from './change.ts'
import type { Change } from './change.ts'
import { applied, editsOf, overlap } from './edits.ts'
import type { Edit } from './edits.ts'
import { createFindSpans } from './spans.ts'

/*
 *   findings ─► changes of values ─► edits of the text ─► read again ─► is it what was meant? ─► again, until nothing is left
 *                                                                          │ no
 *                                                                          └─► the half of them, and the other half
 */

export interface Fixed {
  /** As they are afterwards. */
  documents: Documents
  /** What was mended. */
  findings: LintFinding[]
  /** Files that are different now, by name. Nothing is written yet. */
  files: Map<string, { before: string; after: string }>
}

/** So often the texts are read again to see what holds; each of them takes as long as the document is large. */
const mostTries = 64

/** One fix may make room for another; more rounds than these only undo each other. */
const mostRounds = 10

/**
 * Mends what can be mended safely, in the texts: comments, order and indentation of all else stay. A fix counts only when the
 * texts then read as exactly the values that were meant, and the contract differs from before in nothing but what the fix
 * says. Pure: who calls writes the files.
 */
export function fixDocuments(documents: Documents, settings: LintSettings): Fixed {
  const files: Fixed['files'] = new Map()
  const findings: LintFinding[] = []
  const tries = { left: mostTries }
  let now = documents
  for (let round = 0; round < mostRounds; round++) {
    const reading = readDocuments(now)
    const kept = reading.ok
      ? keep(now, reading.contract, fixesIn(reading.contract, settings), tries)
      : undefined
    if (kept === undefined) break
    for (const [name, value] of kept.documents.files) {
      const [before, after] = [textOf(now.files.get(name)!), textOf(value)]
      if (before !== after) files.set(name, { before: files.get(name)?.before ?? before, after })
    }
    findings.push(...kept.fixes.flatMap((one) => one.findings))
    now = kept.documents
  }
  return { documents: now, findings, files }
}

interface Planned {
  change: Change
  findings: LintFinding[]
}

/** Each change once: two words of one text are one change. */
function fixesIn(contract: Contract, settings: LintSettings): Planned[] {
  const planned = new Map<string, Planned>()
  for (const { finding, fix } of gatherHouse(contract, settings)) {
    const change = fix === undefined || isIgnored(finding, settings) ? undefined : changeOf(fix)
    if (fix === undefined || change === undefined) continue
    const key = JSON.stringify([change.file, change.keys, fix.kind, fix.kind === 'order' ? '' : fix.member])
    const known = planned.get(key)
    if (known === undefined) planned.set(key, { change, findings: [finding] })
    else known.findings.push(finding)
  }
  return [...planned.values()]
}

/** The documents with as many of the fixes as hold together. Undefined: none does. */
function keep(
  documents: Documents,
  contract: Contract,
  fixes: Planned[],
  tries: { left: number },
): { documents: Documents; fixes: Planned[] } | undefined {
  if (fixes.length === 0 || tries.left === 0) return undefined
  tries.left -= 1
  const tried = attempt(documents, fixes)
  if (tried !== undefined && holds(contract, tried.documents, tried.fixes)) return tried
  if (fixes.length === 1) return undefined
  const middle = fixes.length >> 1
  // What the other half says of places no longer counts: the next round finds it again.
  const half = (some: Planned[]) => keep(documents, contract, some, tries)
  return half(fixes.slice(0, middle)) ?? half(fixes.slice(middle))
}

/** The documents as they read with these fixes, if they read as what was meant; those that overlap others are left for later. */
function attempt(
  documents: Documents,
  fixes: readonly Planned[],
): { documents: Documents; fixes: Planned[] } | undefined {
  const files = new Map(documents.files)
  const done: Planned[] = []
  for (const [name, own] of byFile(fixes)) {
    const root = documents.files.get(name)
    if (root === undefined) continue
    const text = textOf(root)
    const find = createFindSpans(text)
    const edits: Edit[] = []
    let meant: Json = root
    for (const one of own) {
      const place = placeOf(at(root, one.change.keys) as object)
      const needed = place && editsOf(text, place, find, one.change)
      const next = needed && changed(meant, one.change)
      if (needed === undefined || next === undefined || overlap(needed, edits)) continue
      edits.push(...needed)
      meant = next
      done.push(one)
    }
    if (edits.length === 0) continue
    const read = readText(applied(text, edits), name)
    if (read.findings.length > 0 || !isEqual(read.value, meant)) return undefined
    files.set(name, read.value)
  }
  return done.length === 0 ? undefined : { documents: { ...documents, files }, fixes: done }
}

/** The contract is the same as before, but for what the fixes say. */
function holds(before: Contract, documents: Documents, fixes: readonly Planned[]): boolean {
  const reading = readDocuments(documents)
  if (!reading.ok) return false
  const declared = new Set(fixes.flatMap(({ change }) => change.fix.differences ?? []))
  return differencesOf(before, reading.contract).every(({ rule }) => declared.has(rule))
}

function byFile(fixes: readonly Planned[]): Map<string, Planned[]> {
  return Map.groupBy(fixes, ({ change }) => change.file)
}

function at(root: Json, keys: Change['keys']): Json {
  return keys.reduce<Json>((value, key) => (value as Record<string, Json>)[key]!, root)
}

/** What a file was read from. */
function textOf(value: Json): string {
  return typeof value === 'object' && value !== null ? (fileOf(value)?.text ?? '') : ''
}
