import { Link } from 'react-router'
import { took } from '../format.ts'
import { checkPath } from '../shell/find.ts'
import { stateOf, type CheckItem } from '../view/checks.ts'
import { Strip } from './strip.tsx'
import { Table } from './table.tsx'
import { Ago } from './time.tsx'
import { Verdict } from './verdict.tsx'

/** Checks with the strips of their last runs. */
export function CheckRows({
  checks,
  withMessages = false,
}: {
  checks: readonly CheckItem[]
  withMessages?: boolean
}) {
  return (
    <Table
      className="strips"
      columns={[
        { name: 'Check' },
        { name: 'Runs' },
        { name: 'Took', num: true },
        { name: 'Last', num: true },
      ]}
    >
      {checks.map((check) => {
        const { name, latest, runs, every, running } = check
        const state = stateOf(check)
        const message = state === 'pass' ? null : (latest?.message ?? null)
        return (
          <tr key={name} className={state === 'fail' ? 'bad' : undefined}>
            <th scope="row">
              <Verdict is={state} bare />{' '}
              <Link to={checkPath(name)} data-row>
                {name}
              </Link>
              {withMessages && message && <span className="why">{message}</span>}
            </th>
            <td>
              <Strip runs={runs} every={every} />
            </td>
            <td className="num">{latest?.ms === null || latest === null ? '' : took(latest.ms)}</td>
            <td className="num">
              {running && !latest && <Verdict is="running" />}
              {latest && <Ago at={latest.at} />}
            </td>
          </tr>
        )
      })}
    </Table>
  )
}
