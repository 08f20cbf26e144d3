import { Link, useParams, useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Older } from '../components/older.tsx'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { Table } from '../components/table.tsx'
import { Tag } from '../components/tag.tsx'
import { Ago, Time } from '../components/time.tsx'
import { many, shortId } from '../format.ts'
import { useNow } from '../live/clock.ts'
import {
  differencesPath,
  nameOf,
  runsOf,
  selectorOf,
  shortAddress,
  versionsLeadOf,
  type Version,
} from '../view/contracts.ts'
import { Approvals } from './contract/approvals.tsx'
import { Pair } from './contract/pair.tsx'

const rows = 20

/** A service's contract: every version that was pushed, what runs of it, and what may break. */
export function Contract() {
  const service = useParams()['service'] ?? ''
  const [search] = useSearchParams()
  const cursor = search.get('before')
  const history = useAnswer('GET /contracts/{service}/versions', {
    params: { service },
    query: { limit: rows, ...(cursor === null ? {} : { cursor }) },
  })
  return (
    <Page
      title={service}
      crumbs={[{ name: 'Contracts', to: '/contracts' }, { name: service }]}
      lead={history.data && <Lead runs={history.data.production[0]} />}
    >
      <Shown query={history} what="the versions" rows={8}>
        {({ items, next, production }) => (
          <div className="stack">
            <History service={service} items={items} next={next} runs={production.length > 0} />
            <Approvals service={service} />
          </div>
        )}
      </Shown>
    </Page>
  )
}

function Lead({ runs }: { runs: Version | undefined }) {
  const { answer, rest } = versionsLeadOf(runs, useNow())
  return (
    <>
      <b>{answer}</b> {rest}
    </>
  )
}

function History({
  service,
  items,
  next,
  runs,
}: {
  service: string
  items: readonly Version[]
  next: string | null
  /** Whether anything does. */
  runs: boolean
}) {
  return (
    <Panel title="Versions" note="the newest first" footer={<Older next={next} />}>
      <Pair service={service} from={undefined} to={undefined} />
      <Table
        className="contracts versions"
        columns={[
          { name: 'Version' },
          { name: 'Contents' },
          { name: 'Pushed by' },
          { name: 'Pushed', num: true },
          { name: 'Against', num: true },
        ]}
      >
        {items.map((version, index) => (
          <Row
            key={version.id}
            version={version}
            runs={runs}
            before={items.slice(index + 1).find(({ branch }) => branch === null)}
          />
        ))}
      </Table>
    </Panel>
  )
}

/** @param before the version before it, of those that are listed */
function Row({ version, before, runs }: { version: Version; before: Version | undefined; runs: boolean }) {
  const now = useNow()
  const { service, address, branch, branchEndsAt, pushedAt, pushedBy, note, title, operations } = version
  const against = (name: string, from: string) => (
    <Link className="each" to={differencesPath(service, from, selectorOf(version))}>
      {name}
    </Link>
  )
  return (
    <tr>
      <th scope="row">
        {nameOf(version)}{' '}
        {branch !== null && <Tag is="branch">{version.name === null ? 'branch' : branch}</Tag>}{' '}
        {runsOf(version).map((release) => (
          <Tag is="production" key={release}>
            {release}
          </Tag>
        ))}
        {branchEndsAt !== null && (
          <span className="why">
            ends in <Ago at={new Date(2 * now - Date.parse(branchEndsAt)).toISOString()} />
          </span>
        )}
        {note !== null && <span className="why">{note}</span>}
      </th>
      <td>
        <span className="label">contents</span>
        <code title={address}>{shortAddress(address)}</code>
        <span className="why">
          {title}, {many(operations, 'operation')}
        </span>
      </td>
      <td>
        <span className="label">pushed by</span>
        <span title={pushedBy}>{shortId(pushedBy)}</span>
      </td>
      <td className="num">
        <span className="label">pushed</span>
        <Time at={pushedAt} seconds={false} />
      </td>
      <td className="num">
        <span className="label">against</span>
        {before !== undefined && before.address !== address && against(nameOf(before), selectorOf(before))}
        {runs && version.running.length === 0 && against('what runs', 'production')}
      </td>
    </tr>
  )
}
