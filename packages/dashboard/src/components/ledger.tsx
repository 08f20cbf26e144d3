import { useAnswer } from '../api/queries.ts'
import type { Input, Item } from '@rockpool/client/control'
import { Empty } from './empty.tsx'
import { Panel } from './panel.tsx'
import { Shown } from './shown.tsx'
import { Table } from './table.tsx'
import { Time } from './time.tsx'
import { Verdict, type Shape } from './verdict.tsx'

const most = 50
const shapes: Record<Item<'GET /ledger'>['outcome'], Shape> = {
  intent: 'busy',
  done: 'pass',
  doubtful: 'unsure',
}

/** What the gateway wrote down before and after each unsafe call: of a sandbox, or of a run. */
export function LedgerPanel({ of }: { of: NonNullable<Input<'GET /ledger'>['query']> }) {
  const ledger = useAnswer('GET /ledger', { query: { ...of, limit: most } })
  return (
    <Panel
      title="Ledger"
      note="every call that may have created something"
      footer={
        ledger.data?.next ? <span>the first {most}; rockpool sandbox ledger shows all</span> : undefined
      }
    >
      <Shown query={ledger} what="the ledger">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Nothing was created">No call that creates or changes something came here.</Empty>
          ) : (
            <div className="requests">
              <Table
                columns={[
                  { name: 'Time' },
                  { name: 'Call' },
                  { name: 'Outcome' },
                  { name: 'Status', num: true },
                ]}
              >
                {items.map(({ id, at, service, method, path, resource, location, outcome, status }) => (
                  <tr key={id}>
                    <td className="faint">
                      <Time at={at} zone={false} />
                    </td>
                    <td>
                      <code>
                        {method} {path}
                      </code>
                      <span className="why">
                        {service}
                        {(resource ?? location) !== null && `: ${resource ?? location}`}
                      </span>
                    </td>
                    <td>
                      <Verdict is={outcome === 'intent' ? 'under way' : outcome} shape={shapes[outcome]} />
                    </td>
                    <td className="num">{status}</td>
                  </tr>
                ))}
              </Table>
            </div>
          )
        }
      </Shown>
    </Panel>
  )
}
