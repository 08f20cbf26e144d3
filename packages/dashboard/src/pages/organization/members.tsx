import { useState } from 'react'
import { useAction, useAnswer } from '../../api/queries.ts'
import { Ask } from '../../components/ask.tsx'
import { Empty } from '../../components/empty.tsx'
import { useText } from '../../components/field.tsx'
import { Once } from '../../components/once.tsx'
import { Panel } from '../../components/panel.tsx'
import { Shown } from '../../components/shown.tsx'
import { Table } from '../../components/table.tsx'
import { Ago } from '../../components/time.tsx'
import { useMay } from '../../shell/session.ts'
import { roles, roleWords, type MemberItem, type OrganizationItem } from '../../view/organizations.ts'

const most = 200

type Doing = { what: 'remove' | 'link'; member: MemberItem } | { what: 'add' }

/** Who may look after an organization, and what each role may do. */
export function Members({ organization }: { organization: OrganizationItem }) {
  const { slug } = organization
  const members = useAnswer('GET /organizations/{organization}/members', {
    params: { organization: slug },
    query: { limit: most },
  })
  const mayAdmin = useMay('admin')
  const [doing, setDoing] = useState<Doing>()
  const onClose = () => setDoing(undefined)
  return (
    <Panel
      title="Members"
      note={
        mayAdmin ? (
          <button type="button" className="btn small" onClick={() => setDoing({ what: 'add' })}>
            Add a member…
          </button>
        ) : undefined
      }
      footer={<span>{roles.map((role) => `${role}: ${roleWords[role]}`).join('. ')}.</span>}
    >
      <Shown query={members} what="the members">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No members yet">
              A member signs in to these pages and to the API, for this organization and its sandboxes.
            </Empty>
          ) : (
            <Table
              className="deeds"
              columns={[
                { name: 'Member' },
                { name: 'Role' },
                { name: 'Since', num: true },
                { name: <span className="sr">Do</span>, num: true },
              ]}
            >
              {items.map((member) => (
                <tr key={member.id}>
                  <th scope="row">{member.email}</th>
                  <td>{member.role}</td>
                  <td className="num">
                    <Ago at={member.createdAt} after=" ago" />
                  </td>
                  <td className="num">
                    {mayAdmin && (
                      <span className="actions">
                        <button
                          type="button"
                          className="btn small"
                          aria-label={`Sign-in link for ${member.email}…`}
                          onClick={() => setDoing({ what: 'link', member })}
                        >
                          Sign-in link…
                        </button>
                        <button
                          type="button"
                          className="btn small"
                          aria-label={`Remove ${member.email}…`}
                          onClick={() => setDoing({ what: 'remove', member })}
                        >
                          Remove…
                        </button>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Shown>
      {doing?.what === 'add' && <Add slug={slug} onClose={onClose} />}
      {doing?.what === 'remove' && <Remove member={doing.member} onClose={onClose} />}
      {doing?.what === 'link' && <SignInLink member={doing.member} onClose={onClose} />}
    </Panel>
  )
}

function Add({ slug, onClose }: { slug: string; onClose: () => void }) {
  const email = useText()
  const role = useText('viewer')
  const add = useAction('POST /organizations/{organization}/members')
  const chosen = roles.find((name) => name === role.value) ?? 'viewer'
  return (
    <Ask
      title={`Add a member to ${slug}`}
      consequence={`A ${chosen} ${roleWords[chosen]}.`}
      yes="Add the member"
      what="The member is not added"
      error={add.error}
      isUnderWay={add.isPending}
      onYes={() =>
        add.mutate(
          { params: { organization: slug }, body: { email: email.value, role: chosen } },
          { onSuccess: onClose },
        )
      }
      onNo={onClose}
      fields={[
        { name: 'Address', at: 'email', ...email },
        { name: 'Role', at: 'role', ...role, options: roles },
      ]}
    />
  )
}

function Remove({ member, onClose }: { member: MemberItem; onClose: () => void }) {
  const { id, organization, email, role } = member
  const remove = useAction('DELETE /organizations/{organization}/members/{member}')
  return (
    <Ask
      title={`Remove ${email}`}
      consequence={`${email}, ${role} of ${organization}, is signed out everywhere at once, and every control credential of this member is revoked. Keys of the organization stay.`}
      yes="Remove the member"
      no="Keep the member"
      what="The member is not removed"
      error={remove.error}
      isUnderWay={remove.isPending}
      onYes={() => remove.mutate({ params: { organization, member: id } }, { onSuccess: onClose })}
      onNo={onClose}
    />
  )
}

function SignInLink({ member, onClose }: { member: MemberItem; onClose: () => void }) {
  const { organization, email, role } = member
  const create = useAction('POST /sign-in-links')
  if (create.data) {
    return (
      <Once title={`The link of ${email}`} text={create.data.url} onClose={onClose}>
        It signs in once, within ten minutes, as {email}. It is shown this once.
      </Once>
    )
  }
  return (
    <Ask
      title={`Make a sign-in link for ${email}`}
      consequence={`Whoever opens it first is ${email}, ${role} of ${organization}. Give it to nobody else.`}
      yes="Make the link"
      what="The link is not made"
      error={create.error}
      isUnderWay={create.isPending}
      onYes={() => create.mutate({ body: { organization, email } })}
      onNo={onClose}
    />
  )
}
