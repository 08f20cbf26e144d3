import type { CheckResult } from '../execute/types.ts'
import { oneLine } from '../printable.ts'
import type { FindingEntry, TraceEntry } from '../types.ts'

/** More findings than these of a run are counted. */
const most = 5

/** What went wrong in the pages of a run's last attempt, and the trace of it that is kept. */
export function leftByPages({ attempts }: Pick<CheckResult, 'attempts'>): {
  findings: Pick<FindingEntry, 'kind' | 'text' | 'url'>[]
  trace: string | null
} {
  const entries = attempts.at(-1)?.evidence.entries ?? []
  const findings = entries.filter((entry): entry is FindingEntry => entry.type === 'finding')
  const trace = entries.find((entry): entry is TraceEntry => entry.type === 'trace')
  return {
    findings: findings.map(({ kind, text, url }) => ({ kind, text, url })),
    trace: trace?.artifact ?? null,
  }
}

/**
 * The same for people; what is foreign is printable. `control`: where the page of the run is, which shows pictures and trace.
 *
 *       found  GET: 404                                    http://127.0.0.1:8470/harbor/logo.png
 *       trace  http://127.0.0.1:8471/runs/run_01a203b4…
 */
export function pageLines(result: CheckResult, control: string | undefined): string[] {
  const { findings, trace } = leftByPages(result)
  const lines = findings
    .slice(0, most)
    .map(({ text, url }) => `found  ${oneLine(text, 160).padEnd(43)} ${oneLine(url, 160)}`.trimEnd())
  if (findings.length > most) lines.push(`found  ${findings.length - most} more`)
  if (trace && result.run)
    lines.push(`trace  ${control ? `${control}/runs/${result.run.id}` : `${trace} of the run`}`)
  return lines
}
