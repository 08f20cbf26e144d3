import { Link, useLocation, useSearchParams } from 'react-router'
import { useAnswer } from '../../api/queries.ts'
import type { Item } from '@rockpool/client/control'
import { Empty } from '../../components/empty.tsx'
import { heldNote, useHeld } from '../../components/held.ts'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { changed } from '../../components/tabs.tsx'
import { Time } from '../../components/time.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { took } from '../../format.ts'
import { runPath } from '../../shell/find.ts'

const limit = 15
const verdicts = ['fail', 'uncheckable', 'pass'] as const

/** All runs of a check or a bot, the newest first. */
export function RunList({ check, kind = 'check' }: { check: string; kind?: 'check' | 'bot' }) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  const verdict = verdicts.find((one) => one === search.get('verdict'))
  const cursor = search.get('older')
  const runs = useAnswer('GET /runs', {
    query: { kind, check, limit, ...(verdict ? { verdict } : {}), ...(cursor ? { cursor } : {}) },
  })
  const list = useHeld(runs.data?.items ?? [], ({ id }) => id, search.toString())
  const to = (changes: Record<string, string | null>) => ({ pathname, search: changed(search, changes) })

  return (
    <div {...list.hold}>
      <Panel
        title={cursor ? 'Older runs' : 'Runs'}
        note={
          heldNote(list.isHeld, list.newer) ?? (
            <span className="choices">
              <Link to={to({ verdict: null, older: null })} replace aria-current={!verdict || undefined}>
                all
              </Link>
              {verdicts.map((one) => (
                <Link
                  key={one}
                  to={to({ verdict: one, older: null })}
                  replace
                  aria-current={one === verdict || undefined}
                >
                  {one}
                </Link>
              ))}
            </span>
          )
        }
        footer={
          runs.data &&
          (list.items.length > 0 || cursor) && (
            <>
              {runs.data.next ? (
                <Link to={to({ older: runs.data.next })}>Older</Link>
              ) : (
                <span>no older ones</span>
              )}
              {cursor && <Link to={to({ older: null })}>Newest</Link>}
            </>
          )
        }
      >
        <Shown query={runs} what="the runs" rows={8}>
          {() =>
            list.items.length > 0 ? <Rows runs={list.items} /> : <None kind={kind} verdict={verdict} />
          }
        </Shown>
      </Panel>
    </div>
  )
}

function None({ kind, verdict }: { kind: 'check' | 'bot'; verdict: string | undefined }) {
  if (verdict) return <Empty title="None">No run of it ended so.</Empty>
  if (kind === 'bot') {
    return (
      <Empty title="No runs yet" command="rockpool bot run --installation local">
        A run is one lifecycle of the bot, with all that it saw.
      </Empty>
    )
  }
  return (
    <Empty title="No runs yet" command="rockpool check --installation local">
      A run is what a check did once, with all that it saw. “Run now” begins one.
    </Empty>
  )
}

function Rows({ runs }: { runs: readonly Item<'GET /runs'>[] }) {
  return (
    <Table
      className="runs"
      columns={[{ name: 'Began' }, { name: 'Verdict' }, { name: 'At' }, { name: 'Took', num: true }]}
    >
      {runs.map(({ id, startedAt, endedAt, verdict, trigger, attempts, ms }) => {
        const last = attempts.at(-1)
        const said = last?.failure?.message ?? last?.obstacle?.message
        const step = (last?.failure ?? last?.obstacle)?.steps.at(-1)
        return (
          <tr key={id}>
            <th scope="row">
              <Link to={runPath(id)} data-row>
                <Time at={startedAt} zone={false} />
              </Link>
              {trigger === 'command' && <span className="why">asked for</span>}
            </th>
            <td>
              <Verdict is={verdict ?? (endedAt === null ? 'running' : 'stopped')} />
            </td>
            <td>
              {step && <>“{step}”</>}
              {said && <span className="why">{said}</span>}
              {attempts.length > 1 && <span className="why">in attempt {attempts.length}</span>}
            </td>
            <td className="num">{ms === null ? '' : took(ms)}</td>
          </tr>
        )
      })}
    </Table>
  )
}
