import { Chart } from '../../components/chart.tsx'
import { age, count, took } from '../../format.ts'
import { useNow } from '../../live/clock.ts'
import { inWords, rate, ratesOf, secondsOf, share, valuesOf, type Summary } from '../../view/requests.ts'

/** Rate, customers' errors and customers' latency over the same time. */
export function RequestCharts({ summary }: { summary: Summary }) {
  const now = useNow()
  const { from, to, step, totals } = summary
  const seconds = secondsOf(summary, now)
  const [customers, own] = [ratesOf(summary, 'customers', now), ratesOf(summary, 'own', now)]
  const errors = valuesOf(summary, 'errors')
  const [p50, p99] = [valuesOf(summary, 'p50'), valuesOf(summary, 'p99')]
  const each = step === 60 ? 'a minute' : `in ${age(step * 1000)}`
  const times = { from, to }
  return (
    <div className="panel three">
      <figure>
        <figcaption>
          <span>Rate /s</span>
          <span>
            <b>{rate(totals.customers.count / seconds)}</b> customers, {rate(totals.own.count / seconds)}{' '}
            Rockpool’s own
          </span>
        </figcaption>
        <Chart
          {...times}
          label={`Requests a second. Customers: ${inWords(customers, rate)}. Rockpool’s own: ${inWords(own, rate)}.`}
          series={[
            { values: customers, is: 'line' },
            { values: own, is: 'dash' },
          ]}
          say={rate}
        />
      </figure>
      <figure>
        <figcaption>
          <span>Customers’ errors</span>
          <span>
            <b>{count(totals.customers.errors)}</b>
            {totals.customers.errors > 0 && `, ${share(totals.customers.errors, totals.customers.count)}`}
          </span>
        </figcaption>
        <Chart
          {...times}
          label={`Customers’ errors ${each}: ${inWords(errors, count)}.`}
          series={[{ values: errors, is: 'bars' }]}
          say={count}
        />
      </figure>
      <figure>
        <figcaption>
          <span>Customers’ latency</span>
          <span>
            {totals.customers.p99 === null || totals.customers.p50 === null ? (
              'nothing was answered'
            ) : (
              <>
                <b>{took(totals.customers.p99)}</b> p99, {took(totals.customers.p50)} p50
              </>
            )}
          </span>
        </figcaption>
        <Chart
          {...times}
          label={`Customers’ latency. p99: ${inWords(p99, took)}. p50: ${inWords(p50, took)}.`}
          series={[
            { values: p99, is: 'line', name: 'p99' },
            { values: p50, is: 'line', name: 'p50' },
          ]}
          say={count}
        />
      </figure>
    </div>
  )
}
