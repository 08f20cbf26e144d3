import { Link, useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Empty } from '../components/empty.tsx'
import { heldNote, useHeld } from '../components/held.ts'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { Table } from '../components/table.tsx'
import { changed } from '../components/tabs.tsx'
import { Ago } from '../components/time.tsx'
import { Verdict } from '../components/verdict.tsx'
import { count } from '../format.ts'
import { useSeesAll } from '../shell/session.ts'
import {
  aheadOf,
  contractPath,
  differencesPath,
  leadOf,
  nameOf,
  selectorOf,
  verdictOf,
  worstFirst,
  type ContractItem,
  type Counts,
} from '../view/contracts.ts'
import { useAhead } from './contracts/ahead.ts'
import { Notices } from './contracts/notices.tsx'

const rows = 50

/** What do we promise, and whom would the newest version of it break? */
export function Contracts() {
  const [search] = useSearchParams()
  const cursor = search.get('after')
  const seesAll = useSeesAll()
  const contracts = useAnswer(
    'GET /contracts',
    { query: { limit: rows, ...(cursor === null ? {} : { cursor }) } },
    { enabled: seesAll },
  )
  const items = contracts.data?.items ?? []
  const ahead = useAhead(items)
  if (!seesAll) return <NotYours />
  const { answer, rest } = leadOf(items, ahead)
  return (
    <Page
      title="Contracts"
      lead={
        contracts.data ? (
          <>
            <b>{answer}</b> {rest}
          </>
        ) : contracts.isPending ? null : undefined
      }
    >
      <div className="stack">
        <Shown query={contracts} what="the contracts" rows={8}>
          {({ next }) =>
            items.length === 0 && cursor === null ? (
              <None />
            ) : (
              <List items={items} ahead={ahead} next={next} />
            )
          }
        </Shown>
        <Notices />
      </div>
    </Page>
  )
}

function NotYours() {
  return (
    <Page title="Contracts">
      <div className="panel">
        <Empty title="Contracts are the installation’s">
          Services and what they promise are the same for every organization; the owner of the installation
          sees them.
        </Empty>
      </div>
    </Page>
  )
}

function None() {
  return (
    <div className="panel">
      <Empty
        title="No contracts yet"
        command="rockpool contract push openapi.yaml --service <service> --installation local"
      >
        A contract says what a service offers. Every version that is pushed is kept, and what would break
        callers of what runs in production is refused.
      </Empty>
    </div>
  )
}

function List({
  items,
  ahead,
  next,
}: {
  items: readonly ContractItem[]
  ahead: ReadonlyMap<string, Counts | undefined>
  next: string | null
}) {
  const [search] = useSearchParams()
  const list = useHeld(worstFirst(items, ahead), ({ service }) => service, search.toString())
  return (
    <div {...list.hold}>
      <Panel
        title="Worst first"
        note={heldNote(list.isHeld, list.newer) ?? 'then by name'}
        footer={
          next !== null || search.get('after') !== null ? (
            <>
              {next === null ? (
                <span>no more</span>
              ) : (
                <Link to={{ search: changed(search, { after: next }) }}>More</Link>
              )}
              {search.get('after') !== null && (
                <Link to={{ search: changed(search, { after: null }) }}>First</Link>
              )}
            </>
          ) : undefined
        }
      >
        <Table
          className="contracts services"
          columns={[
            { name: 'Service' },
            { name: 'In production' },
            { name: 'Newest version' },
            { name: 'Against what runs' },
            { name: 'Versions', num: true },
          ]}
        >
          {list.items.map((item) => (
            <Row key={item.service} item={item} counts={ahead.get(item.service)} />
          ))}
        </Table>
      </Panel>
    </div>
  )
}

function Row({ item, counts }: { item: ContractItem; counts: Counts | undefined }) {
  const { service, latest, production, pushes } = item
  const shown = latest ?? production[0]
  return (
    <tr className={(counts?.['breaks'] ?? 0) > 0 ? 'bad' : undefined}>
      <th scope="row">
        <Link to={contractPath(service)} data-row>
          {service}
        </Link>
        {shown && <span className="why">{shown.title}</span>}
      </th>
      <td>
        <span className="label">in production</span>
        {production.length === 0 && <span className="faint">nothing is known to run</span>}
        {production.map((version) =>
          version.running.map(({ release, since }) => (
            <span className="each" key={`${version.address} ${release}`}>
              {nameOf(version)}
              <span className="why">
                {release !== null && <>as {release}, </>}
                <Ago at={since} before="for " />
              </span>
            </span>
          )),
        )}
      </td>
      <td>
        <span className="label">newest version</span>
        {latest === null ? (
          <span className="faint">none</span>
        ) : (
          <>
            {nameOf(latest)}
            <span className="why">
              <Ago at={latest.pushedAt} after=" ago" />
            </span>
          </>
        )}
      </td>
      <td>
        <span className="label">against what runs</span>
        <Against item={item} counts={counts} />
      </td>
      <td className="num">
        <span className="label">versions</span>
        {count(pushes)}
      </td>
    </tr>
  )
}

/** What the newest version would break, with the way to each of them. */
function Against({ item, counts }: { item: ContractItem; counts: Counts | undefined }) {
  const ahead = aheadOf(item)
  if (ahead === undefined)
    return (
      <span className="faint">
        {item.production.length === 0 || item.latest === null ? 'not known' : 'it is what runs'}
      </span>
    )
  if (counts === undefined) return <span className="faint">being compared</span>
  const { says, shape } = verdictOf(counts)
  return (
    <Link to={differencesPath(item.service, selectorOf(ahead.from), selectorOf(ahead.to))}>
      <Verdict is={says} shape={shape} />
    </Link>
  )
}
