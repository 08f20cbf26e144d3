import { hunkLines, linesOf } from '../../source/hunks.ts'
import type { Change } from '../../source/hunks.ts'

/** More steps than these, and what is left is told as one difference. */
const mostSteps = 2_000

type Step = { kind: ' ' | '-' | '+'; line: string }

/** How two texts differ, as `diff -u` writes it; '' where they do not. Pure. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return ''
  const [old, now] = [linesOf(before), linesOf(after)]
  return [`--- ${name}`, `+++ ${name}`, ...hunkLines(old, changesOf(old, now))].join('\n')
}

function changesOf(before: readonly string[], after: readonly string[]): Change[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1
  const steps = shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return changesIn(steps, head)
}

/** @param first the line that the first step is at */
function changesIn(steps: readonly Step[], first: number): Change[] {
  const changes: Change[] = []
  let at = first
  for (const { kind, line } of steps) {
    if (kind !== ' ') {
      let last = changes.at(-1)
      if (last === undefined || last.to !== at) changes.push((last = { from: at, to: at, now: [] }))
      if (kind === '-') last.to += 1
      else last.now.push(line)
    }
    if (kind !== '+') at += 1
  }
  return changes
}

const same = (line: string): Step => ({ kind: ' ', line })

/** Myers, “An O(ND) difference algorithm and its variations” (1986). */
function shortest(before: string[], after: string[]): Step[] {
  const [n, m] = [before.length, after.length]
  const whole = (): Step[] => [
    ...before.map((line): Step => ({ kind: '-', line })),
    ...after.map((line): Step => ({ kind: '+', line })),
  ]
  const most = Math.min(n + m, mostSteps)
  const offset = most + 1
  const ends = new Int32Array(2 * most + 3)
  const trace: Int32Array[] = []
  for (let depth = 0; depth <= most; depth++) {
    trace.push(ends.slice(offset - depth - 1, offset + depth + 2))
    for (let k = -depth; k <= depth; k += 2) {
      const isDown = k === -depth || (k !== depth && ends[offset + k - 1]! < ends[offset + k + 1]!)
      let x = isDown ? ends[offset + k + 1]! : ends[offset + k - 1]! + 1
      while (x < n && x - k < m && before[x] === after[x - k]) x += 1
      ends[offset + k] = x
      if (x >= n && x - k >= m) return walkBack(before, after, trace)
    }
  }
  return whole()
}

function walkBack(before: string[], after: string[], trace: readonly Int32Array[]): Step[] {
  const steps: Step[] = []
  let [x, y] = [before.length, after.length]
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const ends = trace[depth]!
    const endOf = (k: number) => ends[k + depth + 1]!
    const k = x - y
    const isDown = k === -depth || (k !== depth && endOf(k - 1) < endOf(k + 1))
    const from = depth === 0 ? 0 : endOf(isDown ? k + 1 : k - 1)
    const to = depth === 0 ? 0 : from - (isDown ? k + 1 : k - 1)
    while (x > from && y > to && before[x - 1] === after[y - 1]) {
      steps.push(same(before[--x]!))
      y -= 1
    }
    if (depth === 0) break
    if (isDown) steps.push({ kind: '+', line: after[--y]! })
    else steps.push({ kind: '-', line: before[--x]! })
  }
  return steps.reverse()
}
