import {
  handle,
  problem,
  scopes,
  type Clock,
  type Exchange,
  type Handled,
  type Scope,
} from '../../kernel/index.ts'
import {
  controlCredentialFor,
  scopesOfRole,
  type Credential,
  type Organizations,
  type Role,
} from '../../organizations/index.ts'
import { checkOrigin, originOf } from '../origins.ts'
import { createAttempts } from './attempts.ts'
import { sessionKeyHeader, setSessionCookie } from './cookie.ts'
import { createSignInLink, getSession, signIn, signOut } from './operations.ts'
import { splitCredential } from './shares.ts'

const linkMs = 10 * 60_000
/** A person opens a link a few times at most; a ticket cannot be guessed, but asking costs a query. */
const attemptsPerMinute = 20

/** Sign-in of the pages. `origins`: those under which control is reached by configuration. */
export function sessionOperations({
  organizations,
  clock,
  origins,
}: {
  organizations: Organizations
  clock: Clock
  origins: readonly string[]
}): Handled[] {
  const attempt = createAttempts({ clock, perMinute: attemptsPerMinute })

  const describe = async (credential: Credential) => {
    const { organization, member, endsAt } = credential
    const held = scopes.filter((scope) => credential.scopes.includes(scope))
    const name =
      organization !== null && member !== null
        ? (await organizations.getMember(organization, member)).email
        : 'installation owner'
    return { name, organization, role: roleOf(held), scopes: held, endsAt }
  }

  return [
    handle(createSignInLink, async ({ body, caller, exchange }) => {
      const control = await controlCredentialFor(organizations, caller, body)
      const endsAt = new Date(clock.now() + body.hours * 3600_000)
      const ticket = await organizations.createTicket(null, {
        purpose: 'control',
        credential: { ...control, name: 'browser', endsAt },
        ttlMs: linkMs,
        createdBy: caller.member ?? caller.credential,
      })
      const origin = originOf(known(exchange).request.get('host') ?? '', origins)
      return { url: `${origin}/sign-in#${ticket.text}`, endsAt: ticket.endsAt }
    }),

    handle(signIn, async ({ body, exchange }) => {
      const { request, answer, remote } = known(exchange)
      checkOrigin(request, 'POST', origins)
      attempt(remote)
      const { credential, text } = await organizations.redeemTicket(body.ticket, 'control')
      const { cookie, key } = splitCredential(text)
      const endsAt = credential.endsAt ?? new Date(clock.now() + linkMs).toISOString()
      answer.append('set-cookie', setSessionCookie(request, origins, { share: cookie, endsAt }))
      return { key, ...(await describe(credential)) }
    }),

    handle(getSession, async ({ caller }) => describe(await organizations.getCredential(caller.credential))),

    handle(signOut, async ({ caller, exchange }) => {
      const { request, answer } = known(exchange)
      if (!request.has(sessionKeyHeader))
        throw problem('credential_missing', 'only a browser’s session is signed out here')
      await organizations.revokeCredential(caller.credential)
      answer.append('set-cookie', setSessionCookie(request, origins, null))
    }),
  ]
}

function known(exchange: Exchange | undefined): Exchange {
  if (!exchange) throw new Error('sign-in is called over HTTP alone')
  return exchange
}

/** The role that has exactly these scopes. Pure. */
function roleOf(held: readonly Scope[]): Role | null {
  const roles = Object.entries(scopesOfRole) as [Role, readonly Scope[]][]
  return roles.find(([, given]) => given.join() === held.join())?.[0] ?? null
}
