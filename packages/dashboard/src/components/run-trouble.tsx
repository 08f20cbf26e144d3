import { Link } from 'react-router'
import { shortFile } from '../view/checks.ts'
import { took } from '../format.ts'
import { runPath } from '../shell/find.ts'
import { Foreign } from './code.tsx'
import { Time } from './time.tsx'
import { Verdict } from './verdict.tsx'

interface Failure {
  message: string
  steps: readonly string[]
  expected: string | null
  actual: string | null
  place: { file: string; line: number } | null
}

/** What was expected, what was seen, why, since when; what helps stands under these lines. */
export function RunTrouble({
  verdict,
  failure,
  obstacle,
  why,
  since,
  startedAt,
  ms,
  run,
}: {
  verdict: 'fail' | 'uncheckable'
  failure: Failure | null
  obstacle: { message: string; steps: readonly string[] } | null
  why: readonly string[]
  /** Since when its verdict is the same; null: not known. */
  since: string | null
  startedAt: string
  ms: number | null
  /** Leads to the run, from another page. */
  run?: string
}) {
  const step = (failure ?? obstacle)?.steps.at(-1)
  const hasValues = failure !== null && (failure.expected !== null || failure.actual !== null)
  return (
    <section
      className={verdict === 'fail' ? 'trouble verdict' : 'trouble unsure-box verdict'}
      aria-labelledby="h-verdict"
    >
      <h2 id="h-verdict">
        <Verdict is={verdict} /> {step && <>at “{step}”</>}
      </h2>
      <p className="when">
        <Time at={startedAt} />
        {ms !== null && <>, took {took(ms)}</>}
      </p>
      <dl>
        {hasValues && (
          <>
            <dt>Expected</dt>
            <dd className="value">{failure.expected ?? 'nothing'}</dd>
            <dt>Seen</dt>
            <dd className="value">{failure.actual ?? 'nothing'}</dd>
          </>
        )}
        <dt>Said</dt>
        <dd className="value">
          <Foreign text={(failure ?? obstacle)?.message ?? 'nothing'} />
        </dd>
        {why.length > 0 && (
          <>
            <dt>Cause</dt>
            <dd>
              {why.map((line) => (
                <p key={line}>
                  <b>{line}</b>
                </p>
              ))}
            </dd>
          </>
        )}
        {since && (
          <>
            <dt>Began</dt>
            <dd>
              <Time at={since} />
            </dd>
          </>
        )}
        {failure?.place && (
          <>
            <dt>Place</dt>
            <dd>
              <code title={failure.place.file}>
                {shortFile(failure.place.file)}:{failure.place.line}
              </code>
            </dd>
          </>
        )}
      </dl>
      {run && (
        <p className="actions">
          <Link className="btn" to={runPath(run)}>
            See the run
          </Link>
        </p>
      )}
    </section>
  )
}
