import { Link } from 'react-router'
import { Panel } from '../../components/panel.tsx'
import { Time } from '../../components/time.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { Waterfall } from '../../components/waterfall.tsx'
import { many, took } from '../../format.ts'
import { scenarioPath } from '../../shell/find.ts'
import type { RunAttempt, Waterfall as Shape } from '../../view/waterfall.ts'
import type { RunDetails } from '../run.tsx'
import { StepEvidence } from './evidence.tsx'

/** The steps of one attempt, and the evidence of the chosen one. */
export function Steps({
  run,
  attempt,
  shape,
  chosen,
  of,
}: {
  run: string
  attempt: RunAttempt
  shape: Shape
  chosen: number | undefined
  /** How many attempts there were. */
  of: number
}) {
  const { left } = attempt.evidence
  const missing = left.entries + left.console + left.bodies
  return (
    <>
      <Panel
        title="Steps"
        note={`${took(attempt.ms)}${of > 1 ? `, attempt ${attempt.number} of ${of}` : ''}`}
        footer={missing > 0 && <span>{many(missing, 'thing')} more were too much to keep</span>}
      >
        {shape.bars.length > 0 ? (
          <Waterfall shape={shape} chosen={chosen} />
        ) : (
          <p className="body muted">It ended before it did anything.</p>
        )}
      </Panel>
      {chosen !== undefined && (
        <StepEvidence key={`${attempt.number} ${chosen}`} run={run} attempt={attempt} step={chosen} />
      )}
    </>
  )
}

/** Where a run is under way, or ended before its first attempt. */
export function NoSteps({ run }: { run: RunDetails }) {
  return (
    <Panel title="Steps">
      <p className="body">
        {run.endedAt === null ? (
          <>
            <Verdict is="running" /> since <Time at={run.startedAt} />. Its steps are told when it ends.
          </>
        ) : (
          <>
            It ended before its first attempt.{' '}
            <Link to={scenarioPath(run.kind, run.check)}>Its other runs</Link>
          </>
        )}
      </p>
    </Panel>
  )
}
