import { Link, useParams, useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import type { Answer } from '../api/operations.ts'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { RunTrouble } from '../components/run-trouble.tsx'
import { Shown } from '../components/shown.tsx'
import { Tabs } from '../components/tabs.tsx'
import { Time } from '../components/time.tsx'
import { Verdict } from '../components/verdict.tsx'
import { Waterfall } from '../components/waterfall.tsx'
import { shortId, took } from '../format.ts'
import { checkPath } from '../shell/find.ts'
import { mostTelling, waterfallOf } from '../view/waterfall.ts'
import { AboutRun } from './run/about.tsx'
import { StepEvidence } from './run/evidence.tsx'

export type RunDetails = Answer<'GET /runs/{run}'>

/** What happened, and why? */
export function Run() {
  const { run: id = '' } = useParams()
  const run = useAnswer('GET /runs/{run}', { params: { run: id } })
  const name = run.data?.check ?? shortId(id)
  return (
    <Page
      title={name}
      lead={run.data && <Lead run={run.data} />}
      crumbs={[
        { name: 'Checks', to: '/checks' },
        ...(run.data ? [{ name, to: checkPath(name) }] : []),
        { name: <code title={id}>{shortId(id)}</code> },
      ]}
    >
      <Shown query={run} what="the run" rows={8}>
        {(details) => <Details key={details.id} run={details} />}
      </Shown>
    </Page>
  )
}

function Lead({ run }: { run: RunDetails }) {
  const by = run.trigger === 'schedule' ? 'by its schedule' : 'because somebody asked for it'
  if (run.verdict === 'pass') {
    return (
      <>
        <b>It passed.</b> In a fresh sandbox of {run.parent}, {by}.
      </>
    )
  }
  if (run.endedAt === null) {
    return (
      <>
        <b>It is under way.</b> In a fresh sandbox of {run.parent}, {by}.
      </>
    )
  }
  return `In a fresh sandbox of ${run.parent}, ${by}`
}

function Details({ run }: { run: RunDetails }) {
  const [search] = useSearchParams()
  const asked = Number(search.get('attempt'))
  const attempt = run.attempts.find(({ number }) => number === asked) ?? run.attempts.at(-1)
  const trouble = run.verdict === 'fail' || run.verdict === 'uncheckable' ? run.verdict : undefined
  return (
    <>
      {trouble && (
        <RunTrouble
          verdict={trouble}
          failure={attempt?.failure ?? null}
          obstacle={attempt?.obstacle ?? null}
          why={run.why}
          since={run.since}
          startedAt={run.startedAt}
          ms={run.ms}
        />
      )}
      {run.attempts.length > 1 && (
        <Tabs
          label="Attempts"
          tabs={run.attempts.map(({ number, verdict }) => ({
            name: `attempt ${number}: ${verdict}`,
            to: { attempt: String(number), step: null, call: null, show: null },
            isCurrent: number === attempt?.number,
          }))}
        />
      )}
      <div className="cols run">
        <div className="stack">
          {attempt ? <Steps run={run} attempt={attempt} /> : <NoAttempt run={run} />}
        </div>
        <AboutRun run={run} attempt={attempt} />
      </div>
    </>
  )
}

function Steps({ run, attempt }: { run: RunDetails; attempt: RunDetails['attempts'][number] }) {
  const [search] = useSearchParams()
  const shape = waterfallOf(attempt)
  const asked = Number(search.get('step'))
  const chosen = shape.bars.find(({ id }) => id === asked)?.id ?? mostTelling(shape.bars)
  const { left } = attempt.evidence
  const missing = left.entries + left.console + left.bodies
  return (
    <>
      <Panel
        title="Steps"
        note={`${took(attempt.ms)}${run.attempts.length > 1 ? `, attempt ${attempt.number} of ${run.attempts.length}` : ''}`}
        footer={missing > 0 && <span>{missing} things more were too much to keep</span>}
      >
        {shape.bars.length > 0 ? (
          <Waterfall shape={shape} chosen={chosen} />
        ) : (
          <p className="body muted">It ended before it did anything.</p>
        )}
      </Panel>
      {chosen !== undefined && (
        <StepEvidence key={`${attempt.number} ${chosen}`} attempt={attempt} step={chosen} />
      )}
    </>
  )
}

function NoAttempt({ run }: { run: RunDetails }) {
  return (
    <Panel title="Steps">
      <p className="body">
        {run.endedAt === null ? (
          <>
            <Verdict is="running" /> since <Time at={run.startedAt} />. Its steps are told when it ends.
          </>
        ) : (
          <>
            It ended before its first attempt. <Link to={checkPath(run.check)}>Its other runs</Link>
          </>
        )}
      </p>
    </Panel>
  )
}
