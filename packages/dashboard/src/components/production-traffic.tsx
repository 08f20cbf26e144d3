import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { count, took } from '../format.ts'
import { useNow } from '../live/clock.ts'
import { rangeOf } from '../view/range.ts'
import {
  actorsInWords,
  inWords,
  lastMinute,
  rate,
  ratesOf,
  share,
  type Figures,
  type Summary,
} from '../view/requests.ts'
import { Age } from './age.tsx'
import { Chart } from './chart.tsx'
import { Panel } from './panel.tsx'
import { Shown } from './shown.tsx'

/** Gateways tell every 2 s while anything comes: what they told a minute ago may be old. */
const lifeMs = 60_000

/** Who is using production: customers, and Rockpool's own beside them. */
export function ProductionTraffic() {
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const { from, to } = rangeOf(new URLSearchParams(), minute)
  const summary = useAnswer('GET /requests/summary', { query: { from, to } })
  return (
    <Shown query={summary} what="who is using production">
      {(figures) => <Traffic summary={figures} />}
    </Shown>
  )
}

function Traffic({ summary }: { summary: Summary }) {
  const now = useNow()
  const { from, to, totals, reconciled } = summary
  const [customers, own] = [ratesOf(summary, 'customers', now), ratesOf(summary, 'own', now)]
  const last = lastMinute(summary, now)
  const parts = actorsInWords(summary, now)
  return (
    <Panel
      title={<Link to="/requests">Who is using production</Link>}
      note="requests a second"
      footer={
        <>
          <span>
            All {count(totals.all.count)} of the hour = {count(totals.customers.count)} customers’ +{' '}
            {count(totals.own.count)} Rockpool’s own
          </span>
          {reconciled && <Reconciled {...reconciled} />}
        </>
      }
    >
      <table className="legend">
        <caption className="sr">Requests a second in the last minute</caption>
        <thead>
          <tr>
            <th scope="col">last minute</th>
            <th scope="col">rate</th>
            <th scope="col">errors</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          <Legend of={last?.customers}>
            <i className="swatch" /> <b>customers</b>
          </Legend>
          <Legend of={last?.own}>
            <i className="swatch ours" /> Rockpool’s own
          </Legend>
        </tbody>
      </table>
      <div className="body">
        <Chart
          label={`Customers, last hour, requests a second: ${inWords(customers, rate)}`}
          series={[{ values: customers, is: 'solid' }]}
          from={from}
          to={to}
          say={rate}
          withTimes={false}
        />
        <Chart
          label={`Rockpool’s own, last hour, requests a second: ${inWords(own, rate)}`}
          series={[{ values: own, is: 'hatch' }]}
          from={from}
          to={to}
          height={40}
          say={rate}
        />
      </div>
      {parts && <p className="parts faint">Rockpool’s own, a second: {parts}</p>}
    </Panel>
  )
}

function Legend({ of, children }: { of: Figures | undefined; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{children}</th>
      <td>{of ? rate(of.count / 60) : '0'}</td>
      <td>{of && of.count > 0 ? share(of.errors, of.count) : ''}</td>
      <td>{of?.p99 == null ? '' : took(of.p99)}</td>
    </tr>
  )
}

function Reconciled({ at, missing }: { at: string; missing: number }) {
  if (missing > 0)
    return <span className="v unsure">{count(missing)} more were told of, and are not here</span>
  return <Age at={at} lifeMs={lifeMs} before="reconciled " />
}
