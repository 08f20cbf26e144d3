/** Lines around a difference. */
const context = 3

/** Lines with how they end. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Lines of a text, from 0, and those that they become. */
export interface Change {
  from: number
  to: number
  now: string[]
}

/** The hunks of a unified diff, as lines. @param changes in their order, none of which touch. Pure. */
export function hunkLines(old: readonly string[], changes: readonly Change[]): string[] {
  return hunksOf(changes).flatMap(textOfHunks(old))
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
