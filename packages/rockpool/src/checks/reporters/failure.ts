import { relative } from 'node:path'
import { formatDuration } from '../../kernel/index.ts'
import type { CheckResult } from '../execute/types.ts'
import { oneLine, printable } from '../printable.ts'
import type { Attempt, Place } from '../types.ts'
import type { Style } from './style.ts'

/** `checks/refund.ts:23` */
export function placeText(place: Place | null, folder: string): string {
  if (!place) return ''
  const path = relative(folder, place.file)
  return oneLine(`${path.startsWith('..') ? place.file : path}:${place.line}`)
}

/** What an attempt says in one line. */
export function attemptMessage({ failure, obstacle }: Attempt): string {
  return oneLine(failure?.message ?? obstacle?.message ?? '')
}

/*
 *       at “the stock is back within 10 s”                 checks/refund.ts:23
 *       23 │   .until((i) => i.body.stock === item.body.stock, '10s')
 *          │   expected 12, got 11
 *       why    catalog could not apply order_refunded: data.quantity must be an integer
 *       since  2026-11-22 14:36:12 UTC
 *       left   nothing (rcp_01a203b4…90d3)
 */

/** Lines below the verdict of a check that did not pass; what is foreign in them is printable. */
export function failureLines(result: CheckResult, folder: string, style: Style): string[] {
  const last = result.attempts.at(-1)
  const place = placeText(last?.failure?.place ?? last?.obstacle?.place ?? null, folder)
  const steps = last?.failure?.steps ?? last?.obstacle?.steps ?? []
  const at =
    steps.length > 0 ? `at ${steps.map((step) => `“${oneLine(step, 80)}”`).join(' › ')}` : place ? 'at' : ''
  const lines = at ? [`${at.padEnd(Math.max(at.length, 50))} ${style.faint(place)}`.trimEnd()] : []
  if (last) lines.push(...frameLines(last, style))
  for (const attempt of result.attempts.slice(0, -1)) {
    lines.push(
      `try ${attempt.number}  ${attempt.verdict} after ${formatDuration(attempt.ms)}: ${attemptMessage(attempt)}`,
    )
  }
  for (const cause of result.run?.why ?? []) lines.push(`why    ${oneLine(cause)}`)
  if (result.trouble && result.trouble !== last?.obstacle?.message)
    lines.push(`why    ${oneLine(result.trouble)}`)
  if (result.run?.since) lines.push(`since  ${result.run.since.slice(0, 19).replace('T', ' ')} UTC`)
  if (result.run) lines.push(`run    ${result.run.id}${leftText(result)}`)
  return lines
}

function frameLines(attempt: Attempt, style: Style): string[] {
  const { failure } = attempt
  if (!failure) return [attemptMessage(attempt)]
  const width = Math.max(0, ...failure.frame.map(({ line }) => `${line}`.length))
  const frame = failure.frame.map(({ line, text }) => {
    const code = `${`${line}`.padStart(width)} │ ${oneLine(text, 160)}`
    return line === failure.place?.line ? code : style.faint(code)
  })
  const gutter = `${' '.repeat(width)} │ `
  const isShort = failure.kind === 'assertion' && failure.message.length > 100
  const words =
    failure.expected !== null && failure.actual !== null && (isShort || failure.kind === 'deadline')
      ? [
          ...(failure.kind === 'deadline' ? [failure.message] : []),
          `expected ${failure.expected}`,
          `got      ${failure.actual}`,
        ]
      : [failure.message]
  const said = words.flatMap((text) => printable(text).split('\n').slice(0, 30))
  return [...frame, ...said.map((text) => (frame.length > 0 ? gutter : '') + style.red(text))]
}

/** What the run left behind, where that is known already. */
function leftText({ run }: CheckResult): string {
  const sandboxes = run?.sandboxes ?? []
  if (sandboxes.length === 0) return ''
  if (sandboxes.some(({ state }) => state === 'residue')) return ', which left something behind'
  if (sandboxes.some(({ state }) => state !== 'deleted')) return ', its sandbox is being deleted'
  return `, left nothing (${sandboxes.map(({ receipt }) => receipt).join(', ')})`
}
