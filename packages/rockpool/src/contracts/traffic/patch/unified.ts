import { hunkLines, linesOf } from '../../source/hunks.ts'
import type { Change } from '../../source/hunks.ts'
import { withEdits } from './edits.ts'
import type { Edit } from './edits.ts'

/**
 * Edits of a text as a unified diff.
 * @param file its name, with which the diff begins
 */
export function unifiedDiff(file: string, before: string, edits: readonly Edit[]): string {
  const old = linesOf(before)
  const name = file.replace(/^\/+/, '')
  const body = hunkLines(old, changesOf(before, old, edits))
  return [`--- a/${name}`, `+++ b/${name}`, ...body].join('\n') + '\n'
}

function changesOf(before: string, lines: readonly string[], edits: readonly Edit[]): Change[] {
  const starts = [0]
  for (const line of lines) starts.push(starts.at(-1)! + line.length)
  const groups: { from: number; to: number; edits: Edit[] }[] = []
  let line = 0
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    while (line < lines.length && starts[line + 1]! <= edit.at) line += 1
    // What is a line of its own changes no other one.
    const isBetween = edit.at === starts[line] && edit.text.endsWith('\n')
    const to = isBetween ? line : Math.min(line + 1, lines.length)
    const last = groups.at(-1)
    if (last !== undefined && line <= last.to) {
      last.to = Math.max(last.to, to)
      last.edits.push(edit)
    } else groups.push({ from: line, to, edits: [edit] })
  }
  return groups.map(({ from, to, edits: some }) => {
    const start = starts[from]!
    const own = some.map((edit) => ({ ...edit, at: edit.at - start }))
    return { from, to, now: linesOf(withEdits(before.slice(start, starts[to]), own)) }
  })
}
