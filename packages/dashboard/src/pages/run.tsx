import { useParams, useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import type { Answer } from '@rockpool/client/control'
import { Id } from '../components/id.tsx'
import { Page } from '../components/page.tsx'
import { RunTrouble } from '../components/run-trouble.tsx'
import { Shown } from '../components/shown.tsx'
import { Tabs } from '../components/tabs.tsx'
import { shortId } from '../format.ts'
import { scenarioPath } from '../shell/find.ts'
import { mostTelling, waterfallOf } from '../view/waterfall.ts'
import { AboutRun } from './run/about.tsx'
import { NoSteps, Steps } from './run/steps.tsx'

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
        run.data?.kind === 'bot' ? { name: 'Bots', to: '/bots' } : { name: 'Checks', to: '/checks' },
        ...(run.data ? [{ name, to: scenarioPath(run.data.kind, name) }] : []),
        { name: <Id id={id} /> },
      ]}
    >
      <Shown query={run} what="the run" rows={8}>
        {(details) => <Details key={details.id} run={details} />}
      </Shown>
    </Page>
  )
}

function Lead({ run }: { run: RunDetails }) {
  const where = run.kind === 'bot' ? `In ${run.parent}, in production` : `In a fresh sandbox of ${run.parent}`
  const by = run.trigger === 'schedule' ? 'by its schedule' : 'because somebody asked for it'
  return (
    <>
      {run.verdict === 'pass' && <b>It passed. </b>}
      {run.endedAt === null && <b>It is under way. </b>}
      {where}, {by}.
    </>
  )
}

function Details({ run }: { run: RunDetails }) {
  const [search] = useSearchParams()
  const asked = Number(search.get('attempt'))
  const attempt = run.attempts.find(({ number }) => number === asked) ?? run.attempts.at(-1)
  const shape = attempt && waterfallOf(attempt)
  const step = Number(search.get('step'))
  const chosen = shape && (shape.bars.find(({ id }) => id === step)?.id ?? mostTelling(shape.bars))
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
          {attempt && shape ? (
            <Steps run={run.id} attempt={attempt} shape={shape} chosen={chosen} of={run.attempts.length} />
          ) : (
            <NoSteps run={run} />
          )}
        </div>
        <AboutRun run={run} attempt={attempt} step={chosen} />
      </div>
    </>
  )
}
