import { Link } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Age } from '../components/age.tsx'
import { Empty } from '../components/empty.tsx'
import { heldNote, useHeld } from '../components/held.ts'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { Strip } from '../components/strip.tsx'
import { Table } from '../components/table.tsx'
import { Tag } from '../components/tag.tsx'
import { Verdict } from '../components/verdict.tsx'
import { useNow } from '../live/clock.ts'
import { botPath } from '../shell/find.ts'
import { leadOf, lifeOf, stateOf, worstFirst, type BotItem } from '../view/bots.ts'

/** Does somebody use production for real, and is everything put back? */
export function Bots() {
  const bots = useAnswer('GET /bots', {})
  return (
    <Page title="Bots" lead={bots.data && <Lead bots={bots.data.items} />}>
      <Shown query={bots} what="the bots">
        {({ items }) => (items.length === 0 ? <None /> : <List bots={items} />)}
      </Shown>
    </Page>
  )
}

function Lead({ bots }: { bots: readonly BotItem[] }) {
  const { answer, rest } = leadOf(bots, useNow())
  return (
    <>
      <b>{answer}</b> {rest}
    </>
  )
}

function None() {
  return (
    <div className="panel">
      <Empty
        title="No bots yet"
        command="bot('order and cancel', { every: '1m' }, async ({ api, step }) => { … })"
      >
        A bot is a customer that is a program: it uses production for real, by a grant of the configuration,
        and puts everything back. It is written in a file that <code>bots.files</code> names.
      </Empty>
    </div>
  )
}

function List({ bots }: { bots: readonly BotItem[] }) {
  const list = useHeld(worstFirst(bots), ({ name }) => name)
  return (
    <div {...list.hold}>
      <Panel
        title="Worst first"
        note={heldNote(list.isHeld, list.newer) ?? 'last 30 lifecycles of each, newest right'}
      >
        <Table
          className="strips bots"
          columns={[
            { name: 'Bot' },
            { name: 'Lifecycles' },
            { name: 'Writes, last hour', num: true },
            { name: 'To put back', num: true },
            { name: 'Last complete', num: true },
          ]}
        >
          {list.items.map((bot) => (
            <Row key={bot.name} bot={bot} />
          ))}
        </Table>
      </Panel>
    </div>
  )
}

function Row({ bot }: { bot: BotItem }) {
  const { name, organization, grant, debt, lastComplete, latest, runs, every } = bot
  const state = stateOf(bot)
  const message =
    state === 'not granted' ? 'The configuration grants it nothing: it does not run.' : latest?.message
  return (
    <tr className={state === 'fail' || debt > 0 ? 'bad' : undefined}>
      <th scope="row">
        <Verdict is={state} bare />{' '}
        <Link to={botPath(name)} data-row>
          {name}
        </Link>
        <span className="why">
          {organization !== null && (
            <>
              {organization} <Tag is="production" />{' '}
            </>
          )}
          {state !== 'pass' && message}
        </span>
      </th>
      <td>
        <Strip runs={runs} every={every} />
      </td>
      <td className="num">{grant && `${grant.writes.used} of ${grant.writes.perHour}`}</td>
      <td className={debt === 0 ? 'num none' : 'num'}>
        {debt === 0 ? 'nothing' : <span className="v fail">{debt}</span>}
      </td>
      <td className="num">{lastComplete ? <Age at={lastComplete.at} lifeMs={lifeOf(bot)} /> : 'never'}</td>
    </tr>
  )
}
