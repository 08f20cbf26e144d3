import { Link } from 'react-router'
import { useAnswer } from '../../api/queries.ts'
import { Empty } from '../../components/empty.tsx'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Ago, Time } from '../../components/time.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { shortId } from '../../format.ts'
import {
  byPush,
  differencesPath,
  nameOf,
  selectorOf,
  stateOfDelivery,
  verdictOf,
} from '../../view/contracts.ts'
import type { Delivery } from '../../view/contracts.ts'

const rows = 10
/** Of each notice; the rest is behind its link. */
const mostLines = 3

/** What watchers were told, by push. */
export function Notices() {
  const notices = useAnswer('GET /contract-notices', { query: { limit: rows } })
  return (
    <Panel
      title="Told to watchers"
      note="what pushes changed"
      footer={
        notices.data?.next ? <span>the last {rows}; rockpool contract notices lists all</span> : undefined
      }
    >
      <Shown query={notices} what="the notices">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No notices" command="rockpool contract watch <service> --installation local">
              Who watches a service is told once of each push that changes it.
            </Empty>
          ) : (
            <ul className="notices">
              {byPush(items).map((notice) => (
                <Told key={notice.id} notice={notice} />
              ))}
            </ul>
          )
        }
      </Shown>
    </Panel>
  )
}

function Told({ notice }: { notice: ReturnType<typeof byPush>[number] }) {
  const { push, base, told, counts, differences } = notice
  const { says, shape } = verdictOf(counts)
  const pushed = { ...push, kind: null, branch: null }
  return (
    <li>
      <Link to={differencesPath(push.service, base, selectorOf(pushed))} data-row>
        {push.service} {nameOf(pushed)}
      </Link>{' '}
      <Verdict is={says} shape={shape} />{' '}
      <span className="faint">
        <Ago at={push.pushedAt} after=" ago" />, told to {told.map(({ who }) => shortId(who)).join(', ')}
      </span>
      <ul>
        {differences.slice(0, mostLines).map(({ fingerprint, operation, place, sentence }) => (
          <li key={fingerprint}>
            <code>{operation === null ? place : `${operation} ${place}`}</code> {sentence}
          </li>
        ))}
        {told.map(
          ({ who, delivery }, index) =>
            delivery !== null && (
              <li key={`${index} ${who}`}>
                <Sent who={shortId(who)} delivery={delivery} />
              </li>
            ),
        )}
      </ul>
    </li>
  )
}

/** What became of it at the address of one of them. */
function Sent({ who, delivery }: { who: string; delivery: Delivery }) {
  const { says, shape, at } = stateOfDelivery(delivery)
  return (
    <>
      {who}’s address: <Verdict is={says} shape={shape} /> {at !== null && <Time at={at} />}
    </>
  )
}
