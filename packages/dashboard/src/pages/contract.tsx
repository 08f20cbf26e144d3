import { useParams, useSearchParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Page } from '../components/page.tsx'
import { Shown } from '../components/shown.tsx'
import { useNow } from '../live/clock.ts'
import { versionsLeadOf, type Version } from '../view/contracts.ts'
import { Approvals } from './contract/approvals.tsx'
import { History } from './contract/history.tsx'
import { Mock } from './contract/mock.tsx'

const rows = 20

/** A service's contract: every version that was pushed, what runs of it, how far its mock goes, and what may break. */
export function Contract() {
  const service = useParams()['service'] ?? ''
  const [search] = useSearchParams()
  const cursor = search.get('before')
  const history = useAnswer('GET /contracts/{service}/versions', {
    params: { service },
    query: { limit: rows, ...(cursor === null ? {} : { cursor }) },
  })
  return (
    <Page
      title={service}
      crumbs={[{ name: 'Contracts', to: '/contracts' }, { name: service }]}
      lead={history.data ? <Lead runs={history.data.production[0]} /> : history.isPending ? null : undefined}
    >
      <Shown query={history} what="the versions" rows={8}>
        {({ items, next, production }) => (
          <div className="stack">
            <History service={service} items={items} next={next} runs={production.length > 0} />
            <Mock service={service} />
            <Approvals service={service} />
          </div>
        )}
      </Shown>
    </Page>
  )
}

function Lead({ runs }: { runs: Version | undefined }) {
  const { answer, rest } = versionsLeadOf(runs, useNow())
  return (
    <>
      <b>{answer}</b> {rest}
    </>
  )
}
