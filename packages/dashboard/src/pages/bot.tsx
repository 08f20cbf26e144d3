import { Link, useParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Age } from '../components/age.tsx'
import { LedgerPanel } from '../components/ledger.tsx'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Place } from '../components/place.tsx'
import { Shown } from '../components/shown.tsx'
import { Strip } from '../components/strip.tsx'
import { Tag } from '../components/tag.tsx'
import { Time } from '../components/time.tsx'
import { Verdict } from '../components/verdict.tsx'
import { every, many, took } from '../format.ts'
import { useNow } from '../live/clock.ts'
import { runPath } from '../shell/find.ts'
import { budgetOf, leadOf, lifeOf, mostDebt, stateOf, type BotItem } from '../view/bots.ts'
import { shortFile } from '../view/checks.ts'
import { waterfallOf } from '../view/waterfall.ts'
import { RunList } from './check/runs.tsx'

/** One bot: its lifecycle, its budget, its debt. */
export function Bot() {
  const { bot: name = '' } = useParams()
  const bot = useAnswer('GET /bots/{bot}', { params: { bot: name } })
  const found = bot.data?.name === name ? bot.data : undefined
  return (
    <Page
      title={name}
      crumbs={[{ name: 'Bots', to: '/bots' }, { name }]}
      lead={found && <Lead bot={found} />}
    >
      <Shown query={bot} what="the bot" rows={8}>
        {(answer) => <Details bot={answer} />}
      </Shown>
    </Page>
  )
}

function Lead({ bot }: { bot: BotItem }) {
  const { answer, rest } = leadOf([bot], useNow())
  if (bot.grant === null)
    return (
      <>
        <b>It does not run:</b> the configuration grants it nothing. {rest}
      </>
    )
  return (
    <>
      <b>{answer}</b> {rest}
    </>
  )
}

function Details({ bot }: { bot: BotItem }) {
  const { name, debt, latest } = bot
  const state = stateOf(bot)
  return (
    <>
      {(state === 'fail' || debt > 0) && <Trouble bot={bot} />}
      <div className="cols run">
        <div className="stack">
          <Lifecycle bot={bot} />
          {latest && <LedgerPanel of={{ run: latest.run }} />}
          <RunList check={name} kind="bot" />
        </div>
        <aside className="stack" aria-label="About this bot">
          <Panel title="Last 30 lifecycles">
            <div className="body">
              <Strip runs={bot.runs} every={bot.every} />
            </div>
          </Panel>
          <Budget bot={bot} />
          <Definition bot={bot} />
        </aside>
      </div>
    </>
  )
}

function Trouble({ bot }: { bot: BotItem }) {
  const { debt, latest, organization } = bot
  const id = latest?.run
  const run = useAnswer('GET /runs/{run}', { params: { run: id ?? '' } }, { enabled: id !== undefined })
  const causes = run.data?.id === id && latest?.verdict === 'fail' ? (run.data?.why ?? []) : []
  return (
    <section className="trouble problem" aria-label="What is wrong">
      {latest && latest.verdict === 'fail' && (
        <p>
          <Verdict is="fail" /> {latest.message}
        </p>
      )}
      {causes.map((cause) => (
        <p key={cause}>
          Cause: <b>{cause}</b>
        </p>
      ))}
      {debt > 0 && (
        <p>
          <b>{many(debt, 'thing')}</b> that its earlier runs made in {organization ?? 'production'}{' '}
          {debt === 1 ? 'is' : 'are'} not put back.{' '}
          {debt >= mostDebt
            ? `With ${mostDebt} or more left it puts back, and does not order anything else.`
            : 'The next run puts back before anything else.'}
        </p>
      )}
      {latest && (
        <p className="actions">
          <Link className="btn" to={runPath(latest.run)}>
            See the last run
          </Link>
        </p>
      )}
    </section>
  )
}

/** The steps of the last run that said something, each with what it took. */
function Lifecycle({ bot: { latest, lastComplete, running } }: { bot: BotItem }) {
  const id = latest?.run
  const run = useAnswer('GET /runs/{run}', { params: { run: id ?? '' } }, { enabled: id !== undefined })
  const attempt = run.data?.id === id ? run.data?.attempts.at(-1) : undefined
  const steps = attempt ? waterfallOf(attempt).bars.filter(({ depth }) => depth === 0) : []
  return (
    <Panel
      title="Lifecycle"
      note={running ? <Verdict is="running" /> : latest && <Time at={latest.at} />}
      footer={
        lastComplete && id !== lastComplete.run ? (
          <Link to={runPath(lastComplete.run)}>
            The last complete one, <Time at={lastComplete.at} />
          </Link>
        ) : undefined
      }
    >
      {latest ? (
        <Shown query={run} what="the last lifecycle">
          {() => (
            <table className="table marked">
              <caption className="sr">Steps of the last lifecycle</caption>
              <thead>
                <tr>
                  <th scope="col">Step</th>
                  <th scope="col" className="num">
                    Took
                  </th>
                </tr>
              </thead>
              <tbody>
                {steps.map(({ id: step, name, state, ms }) => (
                  <tr key={step} className={state === 'fail' ? 'bad' : undefined}>
                    <th scope="row">
                      <Verdict is={state} bare />
                      <Link to={`${runPath(latest.run)}?step=${step}`} data-row>
                        {name}
                      </Link>
                    </th>
                    <td className="num">{ms === null ? '' : took(ms)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Shown>
      ) : (
        <p className="body muted">It has not run yet.</p>
      )}
    </Panel>
  )
}

function Budget({ bot: { grant, organization } }: { bot: BotItem }) {
  if (!grant) {
    return (
      <Panel title="Grant">
        <p className="body muted">
          None. A grant stands in the configuration, in <code>grants</code>: this bot, one production
          organization, how many writes, and why.
        </p>
      </Panel>
    )
  }
  const { writes, card, why } = grant
  return (
    <Panel title="Grant" note={<Tag is="production" />}>
      <div className="body">
        <p>{budgetOf(grant)} are used.</p>
        <div
          className="split"
          role="img"
          aria-label={`${writes.used} of ${writes.perHour} writes of the last hour`}
        >
          <i className="on" style={{ '--w': writes.used } as object} />
          <i style={{ '--w': Math.max(0, writes.perHour - writes.used) } as object} />
        </div>
        <dl className="facts">
          <dt>organization</dt>
          <dd>
            {organization === null ? (
              ''
            ) : (
              <Link to={`/organizations/${encodeURIComponent(organization)}`}>{organization}</Link>
            )}
          </dd>
          <dt>a run</dt>
          <dd>{many(writes.perRun, 'write')} at most, counted by the gateway</dd>
          {card !== null && (
            <>
              <dt>card</dt>
              <dd>
                <code>{card}</code>
              </dd>
            </>
          )}
          <dt>why</dt>
          <dd>{why}</dd>
        </dl>
      </div>
    </Panel>
  )
}

function Definition({ bot }: { bot: BotItem }) {
  const { file, line, every: interval, lastComplete } = bot
  return (
    <Panel title="Definition">
      <dl className="facts body">
        <dt>file</dt>
        <dd title={file}>
          <Place file={shortFile(file)} line={line} />
        </dd>
        <dt>runs</dt>
        <dd>{every(interval)}</dd>
        <dt>complete</dt>
        <dd>{lastComplete ? <Age at={lastComplete.at} lifeMs={lifeOf(bot)} /> : 'never yet'}</dd>
      </dl>
    </Panel>
  )
}
