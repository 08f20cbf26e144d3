import { z } from 'zod'
import { operation, scopes } from '../../kernel/index.ts'

/*
 * Vocabulary
 *
 * sign-in link   a URL of the pages with a ticket in its fragment, which never reaches a server, a proxy or a log
 * ticket         what is in it: exchanged once, within ten minutes
 * session        a control credential of a browser, in two shares: a cookie, and the key that the page keeps
 *
 *   POST /sign-in-links ─► http://…/sign-in#ticket ─► a person opens it ─► POST /session {ticket} ─► cookie + { key }
 *                                                     every call after that: cookie, and the header rockpool-session-key
 */

const session = z
  .object({
    name: z.string().describe('the member’s address, or “installation owner”'),
    organization: z.string().nullable().describe('what it is bound to; null: the whole installation'),
    role: z.enum(['owner', 'developer', 'viewer']).nullable(),
    scopes: z.array(z.enum(scopes)).readonly(),
    endsAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Session' })

export const createSignInLink = operation({
  id: 'session.createLink',
  method: 'POST',
  path: '/sign-in-links',
  summary: 'Make a link that signs a browser in, once, within ten minutes',
  description:
    'With `organization` and `email`, for that member, with the scopes of the member’s role; without them, for the caller, with the caller’s own scopes.',
  scope: 'admin',
  organizationBound: true,
  body: z.strictObject({
    organization: z.string().min(1).max(100).optional(),
    email: z.string().max(254).optional(),
    hours: z
      .number()
      .positive()
      .max(30 * 24)
      .default(7 * 24)
      .describe('until the session ends'),
  }),
  answers: { 201: z.object({ url: z.url(), endsAt: z.iso.datetime().describe('of the link') }) },
})

export const signIn = operation({
  id: 'session.signIn',
  method: 'POST',
  path: '/session',
  summary: 'Exchange a sign-in link’s ticket for a session',
  description:
    'Sets a cookie that no script can read, and answers `key`: the header `rockpool-session-key` of every further call. Neither is worth anything without the other.',
  scope: 'public',
  body: z.strictObject({ ticket: z.string().min(1).max(200) }),
  answers: { 201: session.extend({ key: z.string() }).meta({ id: 'NewSession' }) },
})

export const getSession = operation({
  id: 'session.get',
  method: 'GET',
  path: '/session',
  summary: 'Tell who is signed in',
  scope: 'read',
  organizationBound: true,
  answers: { 200: session },
})

export const signOut = operation({
  id: 'session.signOut',
  method: 'DELETE',
  path: '/session',
  summary: 'End the session, at once and for ever',
  scope: 'read',
  organizationBound: true,
  answers: { 204: null },
})
