import { useState } from 'react'
import { Link } from 'react-router'
import { useAction, useAnswer } from '../api/queries.ts'
import { Ask } from '../components/ask.tsx'
import { Empty } from '../components/empty.tsx'
import { useText } from '../components/field.tsx'
import { Page } from '../components/page.tsx'
import { Panel } from '../components/panel.tsx'
import { Shown } from '../components/shown.tsx'
import { Table } from '../components/table.tsx'
import { Tag } from '../components/tag.tsx'
import { Ago } from '../components/time.tsx'
import { Verdict } from '../components/verdict.tsx'
import { many } from '../format.ts'
import { useMay, useSession } from '../shell/session.ts'
import { organizationPath, type OrganizationItem } from '../view/organizations.ts'

const most = 200

/** Whose data lives here? Sandboxes have a page of their own. */
export function Organizations() {
  const organizations = useAnswer('GET /organizations', { query: { environment: 'production', limit: most } })
  const { data: session } = useSession()
  const mayCreate = useMay('admin') && session?.organization === null
  const [isCreating, setCreating] = useState(false)
  return (
    <Page
      title="Organizations"
      lead={
        organizations.data && (
          <Lead items={organizations.data.items} more={organizations.data.next !== null} />
        )
      }
      {...(mayCreate
        ? {
            actions: (
              <button type="button" className="btn main" onClick={() => setCreating(true)}>
                Create an organization…
              </button>
            ),
          }
        : {})}
    >
      <Shown query={organizations} what="the organizations">
        {({ items, next }) => <List items={items} more={next !== null} />}
      </Shown>
      {isCreating && <Create onClose={() => setCreating(false)} />}
    </Page>
  )
}

function Lead({ items, more }: { items: readonly OrganizationItem[]; more: boolean }) {
  const active = items.filter(({ status }) => status === 'active').length
  return (
    <>
      <b>{more ? `More than ${items.length} organizations` : many(active, 'organization')} in production.</b>{' '}
      Their sandboxes have <Link to="/sandboxes">a page of their own</Link>.
    </>
  )
}

function List({ items, more }: { items: readonly OrganizationItem[]; more: boolean }) {
  return (
    <Panel
      title="By name"
      footer={more ? <span>the first {most}; rockpool organization list shows all</span> : undefined}
    >
      {items.length === 0 ? (
        <Empty
          title="No organization yet"
          command="rockpool organization create harbor --name 'Harbor Goods' --environment production --installation local"
        >
          An organization is a customer’s account: every row, event and call belongs to one.
        </Empty>
      ) : (
        <Table
          columns={[
            { name: 'Organization' },
            { name: 'Environment' },
            { name: 'Status' },
            { name: 'Age', num: true },
          ]}
        >
          {items
            .toSorted((a, b) => a.slug.localeCompare(b.slug))
            .map(({ slug, name, environment, status, createdAt }) => (
              <tr key={slug}>
                <th scope="row">
                  <Link to={organizationPath(slug)} data-row>
                    {slug}
                  </Link>
                  {name !== slug && <span className="why">{name}</span>}
                </th>
                <td>
                  <Tag is={environment} />
                </td>
                <td>
                  <Verdict
                    is={status}
                    shape={status === 'active' ? 'open' : status === 'deleting' ? 'busy' : 'none'}
                  />
                </td>
                <td className="num">
                  <Ago at={createdAt} />
                </td>
              </tr>
            ))}
        </Table>
      )}
    </Panel>
  )
}

function Create({ onClose }: { onClose: () => void }) {
  const slug = useText()
  const name = useText()
  const create = useAction('POST /organizations')
  return (
    <Ask
      title={
        <>
          Create an organization in <Tag is="production" />
        </>
      }
      consequence="Its environment is production for ever, and its slug is never given twice. Its data is real: checks never touch it, bots only by a grant of the configuration."
      yes="Create it in production"
      what="The organization is not created"
      error={create.error}
      isUnderWay={create.isPending}
      onYes={() =>
        create.mutate(
          { body: { slug: slug.value, name: name.value, environment: 'production' } },
          { onSuccess: onClose },
        )
      }
      onNo={onClose}
      fields={[
        {
          name: 'Slug',
          at: 'slug',
          ...slug,
          mono: true,
          hint: '2 to 63 lower-case letters, digits and dashes',
        },
        { name: 'Name', at: 'name', ...name },
      ]}
    />
  )
}
