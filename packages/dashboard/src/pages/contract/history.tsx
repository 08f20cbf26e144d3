import { Link, useSearchParams } from 'react-router'
import { Older } from '../../components/older.tsx'
import { Panel } from '../../components/panel.tsx'
import { Table } from '../../components/table.tsx'
import { Tag } from '../../components/tag.tsx'
import { Ago, Time } from '../../components/time.tsx'
import { many, shortId } from '../../format.ts'
import { useNow } from '../../live/clock.ts'
import {
  differencesPath,
  nameOf,
  runsOf,
  selectorOf,
  shortAddress,
  type Version,
} from '../../view/contracts.ts'
import { Pair } from './pair.tsx'

/** Versions as they were pushed, and the choice of two of them. */
export function History({
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
  const [search] = useSearchParams()
  const isAlone = items.length < 2 && next === null && search.get('before') === null
  return (
    <Panel title="Versions" note="the newest first" footer={<Older next={next} />}>
      {!isAlone && <Pair service={service} from={undefined} to={undefined} />}
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
    <Link key={from} className="each" to={differencesPath(service, from, selectorOf(version))}>
      {name}
    </Link>
  )
  const others = [
    ...(before === undefined || before.address === address
      ? []
      : [against(nameOf(before), selectorOf(before))]),
    ...(runs && version.running.length === 0 ? [against('what runs', 'production')] : []),
  ]
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
        {others.length > 0 && <span className="label">against</span>}
        {others}
      </td>
    </tr>
  )
}
