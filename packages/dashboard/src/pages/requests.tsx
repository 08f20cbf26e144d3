import { useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Empty } from '../components/empty.tsx'
import { Page } from '../components/page.tsx'
import { RangeTabs } from '../components/range-tabs.tsx'
import { Shown } from '../components/shown.tsx'
import { Time } from '../components/time.tsx'
import { count } from '../format.ts'
import { useNow } from '../live/clock.ts'
import { rangeOf, type Range } from '../view/range.ts'
import { leadOf, type Summary } from '../view/requests.ts'
import { RequestCharts } from './requests/charts.tsx'
import { OneRequest } from './requests/one.tsx'
import { RequestServices } from './requests/services.tsx'
import { RequestTail } from './requests/tail.tsx'

/** Do customers get their answers? */
export function Requests() {
  const [search] = useSearchParams()
  // Anew by the minute, not by the second: the range is the key of what is read.
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const range = rangeOf(search, minute)
  const service = search.get('service') ?? undefined
  const summary = useAnswer(
    'GET /requests/summary',
    { query: { from: range.from, to: range.to, ...(service === undefined ? {} : { service }) } },
    { isOver: range.isOver },
  )
  const chosen = search.get('request')
  return (
    <Page
      title="Requests"
      lead={summary.data && <Lead summary={summary.data} range={range} service={service} />}
    >
      <RangeTabs range={range} />
      <Shown query={summary} what="the figures" rows={6}>
        {(figures) =>
          figures.totals.all.count + figures.totals.inside.count + figures.totals.dropped === 0 ? (
            <Nothing range={range} />
          ) : (
            <>
              <RequestCharts summary={figures} />
              <RequestServices summary={figures} chosen={service} />
            </>
          )
        }
      </Shown>
      <div className={chosen === null ? 'cols tail' : 'cols tail requests'}>
        <RequestTail range={range} />
        {chosen !== null && <OneRequest id={chosen} />}
      </div>
    </Page>
  )
}

function Lead({ summary, range, service }: { summary: Summary; range: Range; service: string | undefined }) {
  const { totals, reconciled } = summary
  const { answer, how } = leadOf(totals.customers, range.isLive ? 'in the last hour' : 'in this time')
  return (
    <>
      <b>{answer}</b> {how && `${how}.`} {service !== undefined && `Requests to ${service} only.`}{' '}
      {totals.dropped > 0 && `Of ${count(totals.dropped)} more only the number is known.`}{' '}
      {reconciled &&
        reconciled.missing > 0 &&
        `${count(reconciled.missing)} that gateways told of are missing here.`}
    </>
  )
}

function Nothing({ range }: { range: Range }) {
  return (
    <div className="panel">
      <Empty
        title="No requests"
        command={'curl -H "Authorization: Bearer rp_live_…" http://127.0.0.1:8470/…'}
      >
        {range.isLive ? (
          'Nothing came through the gateway in the last hour. What comes is here after 2 s.'
        ) : (
          <>
            Nothing came through the gateway between <Time at={range.from} /> and <Time at={range.to} />, or
            it is longer ago than seven days.
          </>
        )}
      </Empty>
    </div>
  )
}
