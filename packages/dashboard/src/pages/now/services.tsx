import { useAnswer } from '../../api/queries.ts'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { Ago } from '../../components/time.tsx'
import { useSeesAll } from '../../shell/session.ts'
import { Verdict, type Shape } from '../../components/verdict.tsx'

const shapes: Record<string, Shape> = {
  running: 'pass',
  starting: 'busy',
  stopped: 'none',
  failed: 'fail',
  unavailable: 'unsure',
}
const order = ['failed', 'unavailable', 'stopped', 'starting', 'running']

/** What runs, and since when: the first place to look when a check fails. */
export function Services() {
  const seesAll = useSeesAll()
  const services = useAnswer('GET /services', {}, { enabled: seesAll })
  if (!seesAll) return null
  return (
    <Panel title="Services" note="in their state for">
      <Shown query={services} what="the services">
        {({ items }) => (
          <Table columns={[{ name: 'Service' }, { name: 'State' }, { name: 'For', num: true }]}>
            {items
              .toSorted(
                (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name),
              )
              .map(({ name, kind, state, reason, since }) => (
                <tr key={name} className={state === 'failed' ? 'bad' : undefined}>
                  <th scope="row">
                    {name}
                    {kind === 'third-party' && <span className="faint"> third party</span>}
                    {reason && <span className="why">{reason}</span>}
                  </th>
                  <td>
                    <Verdict is={state} shape={shapes[state] ?? 'none'} />
                  </td>
                  <td className="num">
                    <Ago at={since} />
                  </td>
                </tr>
              ))}
          </Table>
        )}
      </Shown>
    </Panel>
  )
}
