import { useAnswer } from '../../api/queries.ts'
import type { Item } from '@rockpool/client/control'
import { Empty } from '../../components/empty.tsx'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { Time } from '../../components/time.tsx'
import { Verdict, type Shape } from '../../components/verdict.tsx'

const shapes: Record<Item<'GET /sandboxes/{sandbox}/effects'>['outcome'], Shape> = {
  started: 'busy',
  done: 'fail',
  'stood in': 'pass',
  denied: 'pass',
  failed: 'unsure',
}

/** What would have left the company, and how it was held back. */
export function EffectsPanel({ sandbox, isGone }: { sandbox: string; isGone: boolean }) {
  const effects = useAnswer('GET /sandboxes/{sandbox}/effects', { params: { sandbox }, query: { limit: 50 } })
  return (
    <Panel title="Effects" note="what would have left the company">
      <Shown query={effects} what="the effects">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={isGone ? 'None is known any more' : 'None yet'}>
              {isGone
                ? 'The records of its effects went with it.'
                : 'Nothing in it has called for an effect.'}
            </Empty>
          ) : (
            <Table columns={[{ name: 'Effect' }, { name: 'Outcome' }, { name: 'Time', num: true }]}>
              {items.map(({ id, name, service, outcome, error, at }) => (
                <tr key={id}>
                  <th scope="row">
                    <code>{name}</code>
                    <span className="why">
                      by {service}
                      {error !== null && `: ${error}`}
                    </span>
                  </th>
                  <td>
                    <Verdict is={outcome} shape={shapes[outcome]} />
                  </td>
                  <td className="num faint">
                    <Time at={at} zone={false} />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Shown>
    </Panel>
  )
}
