import { withEdits } from './edits.ts'
import type { Edit } from './edits.ts'

const context = 3

/**
 * Edits of a text as a unified diff.
 * @param file its name, with which the diff begins
 */
export function unifiedDiff(file: string, before: string, edits: readonly Edit[]): string {
  const old = linesOf(before)
  const name = file.replace(/^\/+/, '')
  const body = hunksOf(changesOf(before, old, edits)).flatMap(textOfHunks(old))
  return [`--- a/${name}`, `+++ b/${name}`, ...body].join('\n') + '\n'
}

/** Lines with how they end. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Lines of before, from 0, and those that they become. */
interface Change {
  from: number
  to: number
  now: string[]
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

/** Changes that are so near to each other that they are told together. */
type Hunk = Change[]

function hunksOf(changes: readonly Change[]): Hunk[] {
  const hunks: Hunk[] = []
  for (const change of changes) {
    const last = hunks.at(-1)
    if (last !== undefined && change.from - last.at(-1)!.to <= 2 * context) last.push(change)
    else hunks.push([change])
  }
  return hunks
}

/** Of each hunk its text; they come in order. */
function textOfHunks(old: readonly string[]): (hunk: Hunk) => string[] {
  let grown = 0
  return (hunk) => {
    const start = Math.max(0, hunk[0]!.from - context)
    const end = Math.min(old.length, hunk.at(-1)!.to + context)
    const lines: string[] = []
    let [at, more] = [start, 0]
    for (const { from, to, now } of hunk) {
      const [same, gone] = [old.slice(at, from), old.slice(from, to)]
      lines.push(...same.map((line) => ` ${line}`), ...gone.map((line) => `-${line}`))
      lines.push(...now.map((line) => `+${line}`))
      at = to
      more += now.length - (to - from)
    }
    lines.push(...old.slice(at, end).map((line) => ` ${line}`))
    const head = `@@ -${range(start, end)} +${range(start + grown, end + grown + more)} @@`
    grown += more
    return [head, ...lines.flatMap(endedLine)]
  }
}

function range(from: number, to: number): string {
  return to === from ? `${from},0` : `${from + 1},${to - from}`
}

/** As `diff` and `patch` have it where the last line has no end. */
function endedLine(line: string): string[] {
  return line.endsWith('\n') ? [line.slice(0, -1)] : [line, '\\ No newline at end of file']
}
