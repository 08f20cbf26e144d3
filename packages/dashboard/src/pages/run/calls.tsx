import { Link, useLocation, useSearchParams } from 'react-router'
import { Table } from '../../components/table.tsx'
import { changed } from '../../components/tabs.tsx'
import { took } from '../../format.ts'
import type { Call } from '../../view/waterfall.ts'

/** All calls of a step; each leads to its request and answer. */
export function CallRows({ calls, chosen }: { calls: readonly Call[]; chosen: number | undefined }) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="All calls">
      <Table
        columns={[
          { name: 'Call' },
          { name: 'Service' },
          { name: 'Status', num: true },
          { name: 'Answers', num: true },
          { name: 'Took', num: true },
        ]}
      >
        {calls.map(({ id, method, path, service, status, error, poll, ms }) => (
          <tr key={id} aria-selected={id === chosen || undefined}>
            <th scope="row">
              <Link
                to={{ pathname, search: changed(search, { call: String(id), show: 'call' }) }}
                replace
                preventScrollReset
              >
                <code>{`${method} ${path}`}</code>
              </Link>
              {error && <span className="why">{error}</span>}
            </th>
            <td>{service}</td>
            <td className="num">{status ?? 'none'}</td>
            <td className="num">{poll?.answers ?? 1}</td>
            <td className="num">{ms === null ? 'not ended' : took(ms)}</td>
          </tr>
        ))}
      </Table>
    </div>
  )
}
