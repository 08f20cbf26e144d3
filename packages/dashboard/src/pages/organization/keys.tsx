import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useAction, useAnswer } from '../../api/queries.ts'
import { Ask } from '../../components/ask.tsx'
import { Empty } from '../../components/empty.tsx'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { changed, Tabs } from '../../components/tabs.tsx'
import { Tag } from '../../components/tag.tsx'
import { Ago } from '../../components/time.tsx'
import { Verdict } from '../../components/verdict.tsx'
import { useNow } from '../../live/clock.ts'
import { useMay } from '../../shell/session.ts'
import {
  consequenceOf,
  opens,
  stateOf,
  type CredentialItem,
  type OrganizationItem,
} from '../../view/organizations.ts'
import { CreateKey } from './create-key.tsx'

const rows = 20

/** The credentials in the list of an organization. Their texts are nowhere: only what they begin and end with. */
export function Keys({ organization }: { organization: OrganizationItem }) {
  const [search] = useSearchParams()
  const isAll = search.get('keys') === 'all'
  const cursor = search.get('before')
  const credentials = useAnswer('GET /organizations/{organization}/credentials', {
    params: { organization: organization.slug },
    query: { limit: rows, all: isAll ? 'true' : 'false', ...(cursor === null ? {} : { cursor }) },
  })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<CredentialItem>()
  const mayWrite = useMay('write')
  return (
    <Panel
      title="Keys"
      note={
        mayWrite && organization.status === 'active' ? (
          <button type="button" className="btn small" onClick={() => setMaking(true)}>
            Make a key…
          </button>
        ) : (
          'shown once when they are made'
        )
      }
      footer={
        credentials.data?.next || cursor !== null ? (
          <>
            {credentials.data?.next ? (
              <Link to={{ search: changed(search, { before: credentials.data.next }) }} preventScrollReset>
                Older
              </Link>
            ) : (
              <span>no older ones</span>
            )}
            {cursor !== null && (
              <Link to={{ search: changed(search, { before: null }) }} preventScrollReset>
                Newest
              </Link>
            )}
          </>
        ) : undefined
      }
    >
      <Tabs
        inner
        label="Which keys"
        tabs={[
          { name: 'in use', to: { keys: null, before: null }, isCurrent: !isAll },
          { name: 'with revoked and ended ones', to: { keys: 'all', before: null }, isCurrent: isAll },
        ]}
      />
      <Shown query={credentials} what="the keys">
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title="No key opens it"
              command={`rockpool key create --installation local --organization ${organization.slug} --environment ${organization.environment}`}
            >
              A customer shows a key to the gateway. Its text is shown once, when it is made.
            </Empty>
          ) : (
            <Table
              className="deeds"
              columns={[
                { name: 'Key' },
                { name: 'Opens' },
                { name: 'State' },
                { name: 'Used', num: true },
                { name: <span className="sr">Do</span>, num: true },
              ]}
            >
              {items.map((credential) => (
                <Row key={credential.id} credential={credential} onRevoke={setRevoking} />
              ))}
            </Table>
          )
        }
      </Shown>
      {making && <CreateKey organization={organization} onClose={() => setMaking(false)} />}
      {revoking && (
        <Revoke
          credential={revoking}
          organization={organization.slug}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </Panel>
  )
}

function Row({
  credential,
  onRevoke,
}: {
  credential: CredentialItem
  onRevoke: (credential: CredentialItem) => void
}) {
  const now = useNow()
  const mayRevoke = useMay(credential.kind === 'sandbox' ? 'write' : 'admin')
  const { name, hint, kind, environment, createdAt, endsAt, revokedAt, lastUsedAt } = credential
  const state = stateOf(credential, now)
  return (
    <tr>
      <th scope="row">
        {name ?? kind}
        <span className="why">
          <code>{hint}</code>, {kind === 'live' || kind === 'sandbox' ? `${kind} key` : kind}, made{' '}
          <Ago at={createdAt} after=" ago" />
        </span>
      </th>
      <td>
        {opens(credential)} {environment !== null && <Tag is={environment} />}
      </td>
      <td>
        <Verdict is={state} shape={state === 'active' ? 'open' : 'none'} />
        {state === 'active' && endsAt !== null && (
          <span className="why">
            ends in <Ago at={new Date(now - (Date.parse(endsAt) - now)).toISOString()} />
          </span>
        )}
        {revokedAt !== null && (
          <span className="why">
            <Ago at={revokedAt} after=" ago" />
          </span>
        )}
      </td>
      <td className="num">{lastUsedAt === null ? 'never' : <Ago at={lastUsedAt} after=" ago" />}</td>
      <td className="num">
        {state === 'active' && mayRevoke && (
          <button
            type="button"
            className="btn small"
            aria-label={`Revoke ${name ?? hint}…`}
            onClick={() => onRevoke(credential)}
          >
            Revoke…
          </button>
        )}
      </td>
    </tr>
  )
}

function Revoke({
  credential,
  organization,
  onClose,
}: {
  credential: CredentialItem
  organization: string
  onClose: () => void
}) {
  const now = useNow()
  const revoke = useAction('DELETE /organizations/{organization}/credentials/{credential}')
  const { id, hint, name, environment } = credential
  return (
    <Ask
      title={
        <>
          Revoke {name === null ? '' : `“${name}”, `}
          <code>{hint}</code> {environment !== null && <Tag is={environment} />}
        </>
      }
      consequence={consequenceOf(credential, now)}
      yes="Revoke it"
      no="Keep it"
      what="The key is not revoked"
      error={revoke.error}
      isUnderWay={revoke.isPending}
      onYes={() =>
        revoke.mutate(
          // The environment is named again, so that the API refuses it if it is not what was shown here.
          { params: { organization, credential: id }, query: environment === null ? {} : { environment } },
          { onSuccess: onClose },
        )
      }
      onNo={onClose}
    />
  )
}
