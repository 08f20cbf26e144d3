import { Link, useParams } from 'react-router'
import { useAnswer } from '../api/queries.ts'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { Tag } from '../components/tag.tsx'
import { Ago, Time } from '../components/time.tsx'
import { sentence } from '../format.ts'
import { organizationPath, type OrganizationItem } from '../view/organizations.ts'
import { Keys } from './organization/keys.tsx'
import { Members } from './organization/members.tsx'

const most = 200

/** One organization: whose it is, who may do what, and with which keys. */
export function Organization() {
  const { organization: slug = '' } = useParams()
  const organization = useAnswer('GET /organizations/{organization}', { params: { organization: slug } })
  const found = organization.data?.slug === slug ? organization.data : undefined
  return (
    <Page
      title={slug}
      heading={
        <>
          {slug} {found && <Tag is={found.environment} />}
        </>
      }
      crumbs={[{ name: 'Organizations', to: '/organizations' }, { name: slug }]}
      lead={found && <Lead organization={found} />}
    >
      <Shown query={organization} what="the organization">
        {(answer) => (
          <div className="stack">
            <Keys organization={answer} />
            <Members organization={answer} />
            <Facts organization={answer} />
          </div>
        )}
      </Shown>
    </Page>
  )
}

function Lead({ organization: { slug, environment, status } }: { organization: OrganizationItem }) {
  const params = { organization: slug }
  const { data: keys } = useAnswer('GET /organizations/{organization}/credentials', {
    params,
    query: { limit: most },
  })
  const { data: members } = useAnswer('GET /organizations/{organization}/members', {
    params,
    query: { limit: most },
  })
  if (status !== 'active') return <b>It is {status === 'deleted' ? 'deleted' : 'being deleted'}.</b>
  const counted = keys && members
  return (
    <>
      <b>{environment === 'production' ? 'Its data is real.' : 'It is a sandbox.'}</b>{' '}
      {counted && sentence(`${opening(keys)}, ${looking(members)}`)}
    </>
  )
}

interface Listed {
  items: readonly unknown[]
  next: string | null
}

const opening = ({ items, next }: Listed) =>
  next === null && items.length === 1
    ? '1 key opens it'
    : items.length === 0
      ? 'no key opens it'
      : `${atLeast(items, next)} keys open it`
const looking = ({ items, next }: Listed) =>
  next === null && items.length === 1
    ? '1 member looks after it'
    : items.length === 0
      ? 'nobody is a member'
      : `${atLeast(items, next)} members look after it`
const atLeast = (items: readonly unknown[], next: string | null) =>
  `${next === null ? '' : 'more than '}${items.length}`

function Facts({ organization }: { organization: OrganizationItem }) {
  const { slug, name, environment, parent, createdAt } = organization
  return (
    <Panel title="Organization">
      <dl className="facts body">
        <dt>slug</dt>
        <dd>{slug}</dd>
        <dt>name</dt>
        <dd>{name}</dd>
        <dt>environment</dt>
        <dd>
          <Tag is={environment} /> for ever
        </dd>
        {parent !== null && (
          <>
            <dt>parent</dt>
            <dd>
              <Link to={organizationPath(parent)}>{parent}</Link>
            </dd>
          </>
        )}
        <dt>made</dt>
        <dd>
          <Time at={createdAt} />, <Ago at={createdAt} after=" ago" />
        </dd>
      </dl>
    </Panel>
  )
}
