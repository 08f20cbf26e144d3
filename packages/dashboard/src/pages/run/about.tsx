import { Link } from 'react-router'
import { useAnswer } from '../../api/queries.ts'
import { Id } from '../../components/id.tsx'
import { Panel } from '../../components/panel.tsx'
import { Strip } from '../../components/strip.tsx'
import { Tag } from '../../components/tag.tsx'
import { Time } from '../../components/time.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { every } from '../../format.ts'
import { checkPath } from '../../shell/find.ts'
import type { RunDetails } from '../run.tsx'
import { Screenshots } from './screenshots.tsx'

/** Whose run this is, and what became of what it made. */
export function AboutRun({
  run,
  attempt,
  step,
}: {
  run: RunDetails
  attempt: RunDetails['attempts'][number] | undefined
  /** The chosen one. */
  step: number | undefined
}) {
  const { data } = useAnswer('GET /checks', {})
  const isBot = run.kind === 'bot'
  const check = isBot ? undefined : data?.items.find(({ name }) => name === run.check)
  return (
    <aside className="stack" aria-label="About this run">
      {check && (
        <Panel title="Last 30 runs" note={<Link to={checkPath(run.check)}>all</Link>}>
          <div className="body">
            <Strip runs={check.runs} every={check.every} />
            <p className="faint">
              {check.runs[0] && (
                <>
                  from <Time at={check.runs[0].at} zone={false} seconds={false} />.{' '}
                </>
              )}
              {check.every !== null && <>Runs {every(check.every)}.</>}
            </p>
          </div>
        </Panel>
      )}
      <Panel title="Identity" note={<Tag is={isBot ? 'production' : 'sandbox'} />}>
        <div className="body">
          <dl className="facts">
            <dt>organization</dt>
            <dd>{attempt?.organization ?? (isBot ? run.parent : 'none was made')}</dd>
            {!isBot && (
              <>
                <dt>sandbox of</dt>
                <dd>{run.parent}</dd>
              </>
            )}
            <dt>actor</dt>
            <dd>{run.kind}</dd>
            <dt>run</dt>
            <dd>
              <Id id={run.id} />
            </dd>
            <dt>began</dt>
            <dd>
              <Time at={run.startedAt} />
            </dd>
            {run.endedBy === 'lease' && (
              <>
                <dt>ended</dt>
                <dd>its runner was lost</dd>
              </>
            )}
          </dl>
        </div>
      </Panel>
      {attempt && <Screenshots run={run.id} attempt={attempt} step={step} />}
      {run.sandboxes.length > 0 && (
        <Panel title="What is left">
          <ul className="list plain">
            {run.sandboxes.map(({ slug, state }) => (
              <li key={slug}>
                <Link to={`/sandboxes/${encodeURIComponent(slug)}`}>{slug}</Link>
                <SandboxState state={state} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </aside>
  )
}

function SandboxState({ state }: { state: RunDetails['sandboxes'][number]['state'] }) {
  if (state === 'deleted') return <Verdict is="nothing is left" shape="pass" />
  if (state === 'residue') return <Verdict is="rows are left" shape="fail" />
  return state === 'deleting' ? <Verdict is="deleting" shape="busy" /> : <Verdict is="active" shape="open" />
}
