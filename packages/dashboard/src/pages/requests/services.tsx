import { Link, useLocation, useSearchParams } from 'react-router'
import { changed } from '../../components/tabs.tsx'
import { Tag } from '../../components/tag.tsx'
import { count } from '../../format.ts'
import { quantile, share, type Figures, type Summary } from '../../view/requests.ts'

/** Each service in each environment; a click shows it alone. */
export function RequestServices({ summary, chosen }: { summary: Summary; chosen: string | undefined }) {
  const [search] = useSearchParams()
  const { pathname } = useLocation()
  return (
    <section className="panel scroll" aria-label="Services" tabIndex={0}>
      <table className="table by-service">
        <caption className="sr">Requests by service and environment</caption>
        <thead>
          <tr className="groups">
            <td />
            <td />
            <th colSpan={5} className="group edge" scope="colgroup">
              customers
            </th>
            <th colSpan={4} className="group edge" scope="colgroup">
              Rockpool’s own
            </th>
            <th className="group edge" scope="colgroup">
              services
            </th>
          </tr>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Environment</th>
            {['requests', 'errors', 'refused', 'p50', 'p99'].map((name, index) => (
              <th key={name} scope="col" className={index === 0 ? 'num edge' : 'num'}>
                {name}
              </th>
            ))}
            {['requests', 'errors', 'refused', 'p99'].map((name, index) => (
              <th key={name} scope="col" className={index === 0 ? 'num edge' : 'num'}>
                {name}
              </th>
            ))}
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
              <Cells of={customers} withP50 />
              <Cells of={own} />
              <td className="num edge">{inside.count === 0 ? '' : count(inside.count)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              all {count(summary.totals.all.count)} from outside
            </th>
            <Cells of={summary.totals.customers} withP50 />
            <Cells of={summary.totals.own} />
            <td className="num edge">{count(summary.totals.inside.count)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

function Cells({ of, withP50 = false }: { of: Figures; withP50?: boolean }) {
  const none = of.count === 0
  return (
    <>
      <td className="num edge">{none ? '' : count(of.count)}</td>
      <td className="num">
        {!none && (of.errors === 0 ? '0' : <span className="v fail">{share(of.errors, of.count)}</span>)}
      </td>
      <td className="num">{none ? '' : share(of.refused, of.count)}</td>
      {withP50 && <td className="num">{quantile(of.p50)}</td>}
      <td className="num">{quantile(of.p99)}</td>
    </>
  )
}
