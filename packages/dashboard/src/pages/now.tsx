import { Link } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { CheckRows } from '../components/check-rows.tsx'
import { heldNote, useHeld } from '../components/held.ts'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { ProductionTraffic } from '../components/production-traffic.tsx'
import { Shown } from '../components/shown.tsx'
import { Time } from '../components/time.tsx'
import { many, timeOfDay } from '../format.ts'
import { controlNow } from '../live/clock.ts'
import { useLive } from '../live/context.ts'
import { stateOf, tallyOf, worstFirst, type CheckItem } from '../view/checks.ts'
import { Faults } from './check/faults.tsx'
import { Answers } from './now/answers.tsx'
import { Services } from './now/services.tsx'
import { Setup } from './now/setup.tsx'

const most = 8

/** Is it working? Right now, in production? Does monitoring work? Does alerting work? */
export function Now() {
  const status = useAnswer('GET /status', {})
  const checks = useAnswer('GET /checks', {})
  const bots = useAnswer('GET /bots', {})
  const items = checks.data?.items
  const { state, heardAt } = useLive()
  return (
    <Page
      title="Now"
      lead={
        items &&
        (heardAt !== null && state === 'lost' ? <LostLead heardAt={heardAt} /> : <Lead checks={items} />)
      }
    >
      <Shown query={status} what="the answers">
        {({ answers }) => <Answers answers={answers} checks={items ?? []} bots={bots.data?.items ?? []} />}
      </Shown>
      <Faults />
      <Setup />
      <div className="cols now">
        <Shown query={checks} what="the checks">
          {({ items: all }) => <ChecksPanel checks={all} />}
        </Shown>
        <div className="stack">
          <ProductionTraffic />
          <Services />
        </div>
      </div>
    </Page>
  )
}

function LostLead({ heardAt }: { heardAt: number }) {
  return (
    <>
      <b>How things are now is not known.</b> This is how they were at {timeOfDay(heardAt, controlNow())} UTC.
    </>
  )
}

/** The answer in one sentence. */
function Lead({ checks }: { checks: readonly CheckItem[] }) {
  const tally = tallyOf(checks)
  const [worst] = worstFirst(checks)
  if (!worst) return <b>Nothing is checked yet.</b>
  if (tally.fail > 0) {
    return (
      <>
        <b>{tally.fail === 1 ? `“${worst.name}” fails.` : `${many(tally.fail, 'check')} fail.`}</b>{' '}
        {worst.latest && (
          <>
            {tally.fail === 1 ? 'It' : `“${worst.name}”`} has failed since{' '}
            <Time at={worst.latest.since} zone={false} seconds={false} />.
          </>
        )}
      </>
    )
  }
  if (tally.pass === checks.length) return <b>Everything that is checked works.</b>
  return (
    <>
      <b>Nothing fails.</b>{' '}
      {stateOf(worst) === 'not run'
        ? `“${worst.name}” has not run yet.`
        : `“${worst.name}” cannot be checked.`}
    </>
  )
}

function ChecksPanel({ checks }: { checks: readonly CheckItem[] }) {
  const sorted = worstFirst(checks)
  const list = useHeld(sorted.slice(0, most), ({ name }) => name)
  const more = sorted.length - most
  // What is to do then stands above.
  if (checks.length === 0) return null
  const rest = tallyOf(sorted.slice(most))
  return (
    <div {...list.hold}>
      <Panel
        title="Checks"
        note={heldNote(list.isHeld, list.newer) ?? 'last 30 runs of each, newest right'}
        footer={
          <>
            <Link to="/checks">All {many(checks.length, 'check')}</Link>
            {more > 0 && <span>{rest.pass === more ? `${more} more pass` : `${more} more`}</span>}
          </>
        }
      >
        <CheckRows checks={list.items} />
      </Panel>
    </div>
  )
}
