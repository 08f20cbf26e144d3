import { useParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Empty } from '../components/empty.tsx'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Place } from '../components/place.tsx'
import { RunTrouble } from '../components/run-trouble.tsx'
import { Shown } from '../components/shown.tsx'
import { Strip } from '../components/strip.tsx'
import { Time } from '../components/time.tsx'
import { age, every } from '../format.ts'
import { shortFile, stateOf, tallyRuns, type CheckItem } from '../view/checks.ts'
import { BreakIt } from './check/break-it.tsx'
import { Faults } from './check/faults.tsx'
import { RunList } from './check/runs.tsx'
import { RunNow } from './check/run-now.tsx'

/** Since when, how often? */
export function Check() {
  const { check: name = '' } = useParams()
  const checks = useAnswer('GET /checks', {})
  const check = checks.data?.items.find((item) => item.name === name)
  return (
    <Page
      title={name}
      lead={check && <Lead check={check} />}
      crumbs={[{ name: 'Checks', to: '/checks' }, { name }]}
      actions={check && <Actions check={check} />}
    >
      <Shown query={checks} what="the check" rows={8}>
        {() => (check ? <Details check={check} /> : <Gone name={name} />)}
      </Shown>
    </Page>
  )
}

function Lead({ check }: { check: CheckItem }) {
  const { latest, every: interval, cron } = check
  const when =
    interval !== null ? every(interval) : cron !== null ? `at ${cron}, UTC` : 'when it is asked for'
  const rest = `It runs ${when}, in a fresh sandbox.`
  if (!latest) {
    return (
      <>
        <b>It has not run yet.</b> {rest}
      </>
    )
  }
  const words = {
    pass: 'It has passed since',
    fail: 'It has failed since',
    uncheckable: 'Nothing is known since',
  }
  return (
    <>
      <b>
        {words[latest.verdict]} <Time at={latest.since} zone={false} seconds={false} />.
      </b>{' '}
      {rest}
    </>
  )
}

function Actions({ check }: { check: CheckItem }) {
  return (
    <>
      <BreakIt check={check} />
      <RunNow check={check.name} />
    </>
  )
}

function Details({ check }: { check: CheckItem }) {
  const state = stateOf(check)
  return (
    <>
      <Faults />
      {(state === 'fail' || state === 'uncheckable') && check.latest && (
        <LatestTrouble run={check.latest.run} state={state} />
      )}
      <div className="cols run">
        <div className="stack">
          <RunList check={check.name} />
        </div>
        <aside className="stack" aria-label="About this check">
          <Panel title="Last 30 runs">
            <div className="body">
              <Strip runs={check.runs} every={check.every} />
              <p className="faint">{tallyRuns(check.runs)}</p>
            </div>
          </Panel>
          <Panel title="Definition">
            <div className="body">
              <dl className="facts">
                <dt>file</dt>
                <dd title={check.file}>
                  <Place file={shortFile(check.file)} line={check.line} />
                </dd>
                <dt>runs</dt>
                <dd>{check.every !== null ? every(check.every) : (check.cron ?? 'without a schedule')}</dd>
                <dt>timeout</dt>
                <dd>{age(check.timeout)}</dd>
                {check.tags.length > 0 && (
                  <>
                    <dt>tags</dt>
                    <dd>{check.tags.join(', ')}</dd>
                  </>
                )}
              </dl>
            </div>
          </Panel>
        </aside>
      </div>
    </>
  )
}

/** The trouble of the last run, whole: as its own page shows it. */
function LatestTrouble({ run: id, state }: { run: string; state: 'fail' | 'uncheckable' }) {
  const { data: run } = useAnswer('GET /runs/{run}', { params: { run: id } })
  const attempt = run?.attempts.at(-1)
  if (!run) return null
  return (
    <RunTrouble
      verdict={state}
      failure={attempt?.failure ?? null}
      obstacle={attempt?.obstacle ?? null}
      why={run.why}
      since={run.since}
      startedAt={run.startedAt}
      ms={run.ms}
      run={run.id}
    />
  )
}

function Gone({ name }: { name: string }) {
  const runs = useAnswer('GET /runs', { query: { check: name, limit: 1 } })
  if (runs.data?.items.length === 0) {
    return (
      <div className="panel">
        <Empty title="There is no such check">No file defines “{name}”, and no run has that name.</Empty>
      </div>
    )
  }
  return (
    <div className="stack">
      <div className="panel">
        <Empty title="No file defines it any more">No check is called “{name}” now. Its runs are kept.</Empty>
      </div>
      <RunList check={name} />
    </div>
  )
}
