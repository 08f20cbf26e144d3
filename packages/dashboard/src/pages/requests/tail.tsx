import { Link, useLocation, useSearchParams } from 'react-router'
import { useAnswer } from '../../api/queries.ts'
import { Empty } from '../../components/empty.tsx'
import { heldNote, useHeld } from '../../components/held.ts'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { changed, Tabs } from '../../components/tabs.tsx'
import { Tag } from '../../components/tag.tsx'
import { took } from '../../format.ts'
import type { Range } from '../../view/range.ts'
import type { KeptRequest } from '../../view/requests.ts'

const statuses = ['failed', 'refused'] as const
const sides = ['customers', 'own'] as const
const rows = 25

/** The requests that were kept: as they come, or of a time that is over. */
export function RequestTail({ range }: { range: Range }) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  const status = statuses.find((name) => name === search.get('status'))
  const side = sides.find((name) => name === search.get('side'))
  const service = search.get('service')
  const run = search.get('run')
  const cursor = search.get('before')
  const query = {
    limit: rows,
    ...(range.isLive ? {} : { from: range.from, to: range.to }),
    ...(status && { status }),
    ...(side && { side }),
    ...(service !== null && { service }),
    ...(run !== null && { run }),
    ...(cursor !== null && { cursor }),
  }
  const requests = useAnswer('GET /requests', { query }, { isOver: range.isOver })
  const list = useHeld(requests.data?.items ?? [], ({ id }) => id, search.toString())
  const choice = (name: string, of: 'status' | 'side', value: string | null) => ({
    name,
    to: { [of]: value, before: null },
    isCurrent: search.get(of) === value,
  })
  return (
    <div {...list.hold}>
      <Panel
        title={range.isLive ? 'As they come' : 'In this time'}
        note={heldNote(list.isHeld, list.newer) ?? 'the last failed and refused, and a sample of the rest'}
        footer={
          <>
            {requests.data?.next ? (
              <Link
                to={{ pathname, search: changed(search, { before: requests.data.next }) }}
                preventScrollReset
              >
                Older
              </Link>
            ) : (
              <span>no older ones are kept</span>
            )}
            {cursor !== null && (
              <Link to={{ pathname, search: changed(search, { before: null }) }} preventScrollReset>
                Newest
              </Link>
            )}
            {run !== null && (
              <Link
                to={{ pathname, search: changed(search, { run: null, before: null }) }}
                preventScrollReset
              >
                Of all runs
              </Link>
            )}
          </>
        }
      >
        <div className="picks">
          <Tabs
            inner
            label="Which requests"
            tabs={[
              choice('all', 'status', null),
              choice('failed', 'status', 'failed'),
              choice('refused', 'status', 'refused'),
            ]}
          />
          <Tabs
            inner
            label="Whose requests"
            tabs={[
              choice('everybody’s', 'side', null),
              choice('customers’', 'side', 'customers'),
              choice('Rockpool’s own', 'side', 'own'),
            ]}
          />
        </div>
        <Shown query={requests} what="the requests" rows={8}>
          {() =>
            list.items.length === 0 ? (
              <Empty title="None">No request of these is kept.</Empty>
            ) : (
              <div className="requests">
                <Table
                  columns={[
                    { name: 'Time' },
                    { name: 'Request' },
                    { name: 'Actor' },
                    { name: 'Status', num: true },
                    { name: 'Took', num: true },
                  ]}
                >
                  {list.items.map((request) => (
                    <Row key={request.id} request={request} />
                  ))}
                </Table>
              </div>
            )
          }
        </Shown>
      </Panel>
    </div>
  )
}

function Row({ request }: { request: KeptRequest }) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  const { id, at, method, path, actor, environment, caller, ms } = request
  const isChosen = search.get('request') === id
  return (
    <tr aria-selected={isChosen || undefined}>
      <td className="faint">
        <time dateTime={at}>{at.slice(11, 22)}</time>
      </td>
      <td>
        <Link
          data-row
          to={{ pathname, search: changed(search, { request: isChosen ? null : id }) }}
          replace
          preventScrollReset
        >
          <code>
            {method} {path}
          </code>
          {path === null && <span className="faint"> no route</span>}
        </Link>
      </td>
      <td>
        <Who actor={actor} environment={environment} />{' '}
        {caller !== null && <span className="faint">by {caller}</span>}
      </td>
      <td className="num">
        <Status request={request} />
      </td>
      <td className="num">{took(ms)}</td>
    </tr>
  )
}

/** Who called: solid for customers in production, dashed for everything of ours. */
export function Who({ actor, environment }: Pick<KeptRequest, 'actor' | 'environment'>) {
  if (actor === null) return <span className="faint">not known</span>
  return environment === 'sandbox' ? <Tag is="sandbox">{actor}</Tag> : <Tag is={actor} />
}

/** A customer's 4xx is an answer; only 5xx and what broke off is a failure. */
export function Status({ request: { status, aborted, kind } }: { request: KeptRequest }) {
  if (status === null) return <span className="faint">left</span>
  if (kind !== 'failed') return status
  return <span className="v fail">{aborted === null ? status : `${status}, broken off`}</span>
}
