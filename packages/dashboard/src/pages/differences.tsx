import { Link, useParams, useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Empty } from '../components/empty.tsx'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { changed, Tabs } from '../components/tabs.tsx'
import { many } from '../format.ts'
import { contractPath, nameOf } from '../view/contracts.ts'
import { aspects, leadOf, placeOf, type Comparison } from '../view/differences.ts'
import { Pair } from './contract/pair.tsx'
import { DifferenceItem } from './differences/item.tsx'
import { Operations } from './differences/operations.tsx'

/** Two versions may have thousands of differences: a page of them is read and drawn at once. */
const rows = 20

/** How do two versions of a contract differ, and whom does that break? */
export function Differences() {
  const service = useParams()['service'] ?? ''
  const [search] = useSearchParams()
  const [from, to] = [search.get('from'), search.get('to')]
  const [operation, fingerprint, cursor] = [
    search.get('operation'),
    search.get('fingerprint'),
    search.get('after'),
  ]
  const only = aspects.find((each) => each.only === search.get('only'))?.only
  const comparison = useAnswer(
    'GET /contracts/{service}/differences',
    {
      params: { service },
      query: {
        from: from ?? '',
        to: to ?? '',
        lines: 'true',
        limit: rows,
        ...(only && { only }),
        ...(operation !== null && { operation }),
        ...(fingerprint !== null && { fingerprint }),
        ...(cursor !== null && { cursor }),
      },
    },
    { enabled: from !== null && to !== null },
  )
  const isAsked = from !== null && to !== null
  return (
    <Page
      title={`${service}: differences`}
      heading="Differences"
      crumbs={[
        { name: 'Contracts', to: '/contracts' },
        { name: service, to: contractPath(service) },
        { name: 'differences' },
      ]}
      lead={
        !isAsked ? (
          <b>Choose two versions to compare.</b>
        ) : comparison.data ? (
          <Lead counts={comparison.data.counts} />
        ) : comparison.isPending ? null : undefined
      }
    >
      <div className="panel choose">
        <Pair key={`${from} ${to}`} service={service} from={from ?? undefined} to={to ?? undefined} />
      </div>
      {isAsked && (
        <Shown query={comparison} what="the differences" rows={8}>
          {(told) => <Told service={service} told={told} only={only} isBusy={comparison.isPlaceholderData} />}
        </Shown>
      )}
    </Page>
  )
}

function Lead({ counts }: { counts: Comparison['counts'] }) {
  const { answer, rest } = leadOf(counts)
  return (
    <>
      <b>{answer}</b> {rest}
    </>
  )
}

function Told({
  service,
  told,
  only,
  isBusy,
}: {
  service: string
  told: Comparison
  only: (typeof aspects)[number]['only'] | undefined
  /** What is shown was asked for before: the answer is on its way. */
  isBusy: boolean
}) {
  const [search] = useSearchParams()
  const all = Object.values(told.counts).reduce((sum, number) => sum + number, 0)
  return (
    <>
      <Tabs
        label="Differences by what they break"
        tabs={[
          { name: 'all', count: all, to: { only: null, after: null, fingerprint: null }, isCurrent: !only },
          ...aspects.map((aspect) => ({
            name: aspect.says,
            count: told.aspects[aspect.only],
            to: { only: aspect.only, after: null, fingerprint: null },
            isCurrent: only === aspect.only,
          })),
        ]}
      />
      <Panel
        title={`${nameOf(told.from)} and ${nameOf(told.to)}`}
        note={placeOf(told)}
        busy={isBusy}
        footer={
          all > 0 && (
            <>
              {told.next === null ? (
                <span>no more</span>
              ) : (
                <Link to={{ search: changed(search, { after: told.next }) }}>Next</Link>
              )}
              {told.before > 0 && <Link to={{ search: changed(search, { after: null }) }}>First</Link>}
              {search.get('fingerprint') !== null && (
                <Link to={{ search: changed(search, { fingerprint: null }) }}>{many(all, 'difference')}</Link>
              )}
            </>
          )
        }
      >
        <Operations told={told} />
        {told.differences.length === 0 ? (
          <Empty title="No differences">
            {all === 0
              ? 'Both promise the same to whoever calls.'
              : 'No difference is as it is asked for here.'}
          </Empty>
        ) : (
          <ol className="differences">
            {told.differences.map((difference) => (
              <DifferenceItem
                key={difference.fingerprint}
                service={service}
                difference={difference}
                names={[nameOf(told.from), nameOf(told.to)]}
              />
            ))}
          </ol>
        )}
      </Panel>
    </>
  )
}
