import { Link } from 'react-router'
import { useAnswer } from '../../api/queries.ts'
import { Empty } from '../../components/empty.tsx'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { Ago } from '../../components/time.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { many } from '../../format.ts'
import { runPath } from '../../shell/find.ts'
import {
  faithfulInWords,
  reasonsOf,
  standingOf,
  unfaithful,
  type MockFidelity,
  type SeenOperation,
} from '../../view/fidelity.ts'

/** A document may have hundreds of operations: the worst of them are drawn, the rest are counted. */
const rows = 10
/** Of one operation. */
const mostReasons = 3

/** How far the mock of a service may be believed: what a check saw that asked both the same. */
export function Mock({ service }: { service: string }) {
  const mock = useAnswer('GET /contracts/{service}/mock', { params: { service } })
  const others = unfaithful(mock.data?.items ?? [])
  const run = mock.data?.items[0]?.run
  const more = others.length - rows
  return (
    <Panel
      title="Mock"
      note={mock.data && <Note seen={mock.data} />}
      footer={
        run !== undefined && (
          <>
            <Link to={runPath(run)}>The run that saw it</Link>
            {more > 0 && (
              <span>
                {many(more, 'other is', 'others are')} not faithful; rockpool contract show {service} lists
                all
              </span>
            )}
          </>
        )
      }
    >
      <Shown query={mock} what="how faithful the mock is">
        {({ lastSeen }) =>
          lastSeen === null ? (
            <Empty
              title="Nobody has compared it with the service"
              command={`export default contract('${service}', { every: '1h' })`}
            >
              A check asks the service and its mock the same, in a sandbox, and tells for each operation
              whether both answer alike.
            </Empty>
          ) : others.length === 0 ? (
            <p className="body muted">The mock answers as the service does, in each operation.</p>
          ) : (
            <Table
              className="contracts mock"
              columns={[
                { name: 'Operation' },
                { name: 'Result' },
                { name: 'Last faithful' },
                { name: 'Because' },
              ]}
            >
              {others.slice(0, rows).map((seen) => (
                <Row key={seen.operation} seen={seen} />
              ))}
            </Table>
          )
        }
      </Shown>
    </Panel>
  )
}

function Note({ seen }: { seen: MockFidelity }) {
  if (seen.lastSeen === null) return null
  return (
    <>
      {faithfulInWords(seen)}, last seen <Ago at={seen.lastSeen} after=" ago" />
    </>
  )
}

function Row({ seen }: { seen: SeenOperation }) {
  const { says, shape } = standingOf(seen)
  const reasons = reasonsOf(seen)
  return (
    <tr className={shape === 'fail' ? 'bad' : undefined}>
      <th scope="row">
        <code>
          {seen.method} {seen.path}
        </code>
      </th>
      <td>
        <span className="label">result</span>
        <Verdict is={says} shape={shape} />
      </td>
      <td>
        <span className="label">last faithful</span>
        {seen.faithfulAt === null ? (
          <span className="faint">never seen</span>
        ) : (
          <Ago at={seen.faithfulAt} after=" ago" />
        )}
      </td>
      <td>
        <span className="label">because</span>
        {reasons.slice(0, mostReasons).map((reason, index) => (
          <span className="each" key={index}>
            {reason}
          </span>
        ))}
        {reasons.length > mostReasons && (
          <span className="why">and {many(reasons.length - mostReasons, 'more finding')}</span>
        )}
      </td>
    </tr>
  )
}
