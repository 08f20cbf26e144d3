import { Link, useLocation, useSearchParams } from 'react-router'
import { changed } from '../../components/tabs.tsx'
import { Tag } from '../../components/tag.tsx'
import { count } from '../../format.ts'
import { useNow } from '../../live/clock.ts'
import { quantile, rate, secondsOf, share, type Figures, type Summary } from '../../view/requests.ts'

/** What is told of customers and of Rockpool's own, in this order. */
const columns = ['requests', '/s', 'errors', 'refused', 'p50', 'p99']

/** Each service in each environment; a click shows it alone. */
export function RequestServices({ summary, chosen }: { summary: Summary; chosen: string | undefined }) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  const seconds = secondsOf(summary, useNow())
  return (
    <section className="panel scroll" aria-label="Services" tabIndex={0}>
      <table className="table by-service">
        <caption className="sr">Requests by service and environment</caption>
        <thead>
          <tr className="groups">
            <td />
            <td />
            <th colSpan={columns.length} className="group edge" scope="colgroup">
              customers
            </th>
            <th colSpan={columns.length} className="group edge" scope="colgroup">
              Rockpool’s own
            </th>
            <th className="group edge" scope="colgroup">
              services
            </th>
          </tr>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Environment</th>
            {['customers', 'own'].map((side) =>
              columns.map((name, index) => (
                <th key={`${side} ${name}`} scope="col" className={index === 0 ? 'num edge' : 'num'}>
                  {name}
                </th>
              )),
            )}
            <th scope="col" className="num edge">
              called on
            </th>
          </tr>
        </thead>
        <tbody>
          {summary.services.map(({ service, environment, customers, own, inside }) => (
            <tr key={`${service} ${environment}`}>
              <th scope="row">
                {service === null ? (
                  <span className="faint">no service has the route</span>
                ) : (
                  <Link
                    data-row
                    to={{
                      pathname,
                      search: changed(search, { service: service === chosen ? null : service }),
                    }}
                    preventScrollReset
                    aria-current={service === chosen || undefined}
                  >
                    {service}
                  </Link>
                )}
              </th>
              <td>
                {environment === null ? <span className="faint">not known</span> : <Tag is={environment} />}
              </td>
              <Cells of={customers} seconds={seconds} />
              <Cells of={own} seconds={seconds} />
              <td className="num edge">{inside.count === 0 ? '' : count(inside.count)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              all {count(summary.totals.all.count)} from outside
            </th>
            <Cells of={summary.totals.customers} seconds={seconds} />
            <Cells of={summary.totals.own} seconds={seconds} />
            <td className="num edge">{count(summary.totals.inside.count)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

function Cells({ of, seconds }: { of: Figures; seconds: number }) {
  const none = of.count === 0
  return (
    <>
      <td className="num edge">{none ? '' : count(of.count)}</td>
      <td className="num">{none ? '' : rate(of.count / seconds)}</td>
      <td className="num">
        {!none && (of.errors === 0 ? '0' : <span className="v fail">{share(of.errors, of.count)}</span>)}
      </td>
      <td className="num">{none ? '' : share(of.refused, of.count)}</td>
      <td className="num">{quantile(of.p50)}</td>
      <td className="num">{quantile(of.p99)}</td>
    </>
  )
}
