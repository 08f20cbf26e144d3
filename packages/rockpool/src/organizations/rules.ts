import { problem, runScopes, type Finding } from '../kernel/index.ts'
import type { Credential, Grant, NewCredentialInput, NewOrganization, NewTicketInput } from './types.ts'

/** Names that would be mistaken for a part of Rockpool, or for nothing, in a path, a command or a log. */
const reservedSlugs: ReadonlySet<string> = new Set(
  `rockpool control gateway relay runner agent system admin root
   api internal openapi well-known health status metrics static assets www
   login logout new all me none null undefined true false
   production sandbox sandboxes organization organizations`.split(/\s+/),
)

/** Everything that is wrong with a slug; empty when nothing is. Pure. */
export function slugFindings(slug: string, path = 'slug'): Finding[] {
  const messages: string[] = []
  if (slug.length < 2) messages.push('is too short: 2 characters at least')
  if (slug.length > 63) messages.push('is too long: 63 characters at most')
  if (/[^a-z0-9-]/.test(slug))
    messages.push('has other characters than lower-case letters a–z, digits and dashes')
  if (/^-|-$/.test(slug)) messages.push('begins or ends with a dash')
  if (slug.includes('--')) messages.push('has two dashes in a row')
  if (reservedSlugs.has(slug)) messages.push('is a reserved word')
  return messages.map((message) => ({ path, message }))
}

/** `invalid_input` with all findings at once. Pure. */
export function checkNewOrganization(input: NewOrganization): void {
  const findings = slugFindings(input.slug)
  const name = input.name.trim()
  if (name.length < 1 || name.length > 120)
    findings.push({ path: 'name', message: 'has 1 to 120 characters' })
  if (/\p{Cc}/u.test(input.name)) findings.push({ path: 'name', message: 'has control characters' })
  if (!['production', 'sandbox'].includes(input.environment)) {
    findings.push({ path: 'environment', message: 'is production or sandbox' })
  }
  if (input.parent && input.environment !== 'sandbox') {
    findings.push({ path: 'parent', message: 'only a sandbox has a parent' })
  }
  if (input.parent === input.slug) findings.push({ path: 'parent', message: 'is another organization' })
  if (findings.length > 0)
    throw problem('invalid_input', 'the organization cannot be created like this', { findings })
}

/** What a credential of each kind binds: everything else about it is refused. */
const bindings = {
  live: { environment: 'production', actor: 'customer', allows: ['organization'], needs: [], may: [] },
  sandbox: {
    environment: 'sandbox',
    actor: 'customer',
    allows: ['organization', 'sandboxesOf'],
    needs: [],
    may: [],
  },
  run: {
    environment: 'any',
    actor: 'any',
    allows: ['organization', 'sandboxesOf'],
    needs: ['run', 'endsAt'],
    may: ['service', 'grant'],
  },
  session: {
    environment: 'any',
    actor: 'any',
    allows: ['organization'],
    needs: ['endsAt'],
    may: ['run', 'grant'],
  },
  service: { environment: 'none', actor: 'service', allows: ['none'], needs: ['service'], may: [] },
  control: { environment: 'none', actor: 'member', allows: ['none'], needs: [], may: ['member'] },
} as const

/**
 * Whether a credential of this kind may bind all this. `invalid_input` with all findings; `environment_mismatch` when
 * the kind and the named environment contradict each other. Pure: what the organizations are is checked by the store.
 */
export function checkNewCredential(input: NewCredentialInput): void {
  const binding = bindings[input.kind]
  const environment = input.environment ?? null
  if (
    (input.kind === 'live' || input.kind === 'sandbox') &&
    environment &&
    environment !== binding.environment
  ) {
    throw problem(
      'environment_mismatch',
      `a ${input.kind} key is for ${binding.environment}, not for ${environment}`,
    )
  }
  const findings: Finding[] = []
  const add = (path: string, message: string) => findings.push({ path, message })

  if (binding.environment === 'none' ? environment !== null : environment === null) {
    add(
      'environment',
      binding.environment === 'none'
        ? 'is none: the identity it acts with has one'
        : 'is named: production or sandbox',
    )
  }
  if (binding.actor !== 'any' && input.actor !== binding.actor)
    add('actor', `is ${binding.actor} for this kind`)
  const person = input.actor === 'customer' || input.actor === 'member'
  if (input.kind === 'run' && (input.actor === 'customer' || input.actor === 'anonymous')) {
    add('actor', 'a run never acts as a customer')
  }
  if (input.kind === 'session' && (input.run ? person : !person)) {
    add('actor', input.run ? 'a run never acts as a person' : 'is customer or member without a run')
  }
  const allows = Object.keys(input.allows)
  if (allows.length !== 1 || !(binding.allows as readonly string[]).includes(allows[0] ?? '')) {
    add('allows', `is one of: ${binding.allows.join(', ')}`)
  }
  if ('sandboxesOf' in input.allows && environment === 'production') {
    add('environment', 'is sandbox for a credential of all sandboxes')
  }
  for (const field of ['run', 'service', 'member', 'endsAt', 'grant'] as const) {
    const given = input[field] !== undefined && input[field] !== null
    const needed = (binding.needs as readonly string[]).includes(field)
    const possible = needed || field === 'endsAt' || (binding.may as readonly string[]).includes(field)
    if (needed && !given) add(field, 'is missing')
    if (given && !possible) add(field, `is not bound by a ${input.kind} credential`)
  }
  for (const scope of runScopes)
    if (input.scopes?.includes(scope) && !(input.kind === 'run' && environment === 'sandbox'))
      add('scopes', `${scope} is for a run in a sandbox`)
  if (input.grant) findings.push(...grantFindings(input, input.grant))
  if (input.kind === 'control' && input.organization && !input.endsAt) add('endsAt', 'is missing')
  if (input.name && (input.name.length > 120 || /\p{Cc}/u.test(input.name)))
    add('name', 'has at most 120 printable characters')
  if (findings.length > 0) {
    throw problem('invalid_input', `a ${input.kind} credential cannot be made like this`, { findings })
  }
}

function grantFindings(input: NewCredentialInput, { name, writes, card }: Grant): Finding[] {
  const messages: string[] = []
  if (!input.run || input.environment !== 'production' || input.actor !== 'bot')
    messages.push('is for a bot’s run on a production organization')
  if (name.length < 1 || name.length > 120 || /\p{Cc}/u.test(name))
    messages.push('has a name of at most 120 printable characters')
  if (!Number.isInteger(writes) || writes < 0 || writes > 1_000_000)
    messages.push('allows 0 to 1,000,000 writes')
  if (card !== null && !/^[\x21-\x7e]{1,200}$/.test(card))
    messages.push('names a card by a token of at most 200 characters without spaces')
  return messages.map((message) => ({ path: 'grant', message }))
}

/**
 * Whether a ticket may become such a credential, and in such a time. `invalid_input` with all findings of the ticket;
 * the credential is checked by its own rules. Pure.
 */
export function checkNewTicket({ purpose, credential, ttlMs }: NewTicketInput): void {
  const findings: Finding[] = []
  const kind = purpose === 'control' ? 'control' : 'session'
  if (credential.kind !== kind)
    findings.push({ path: 'credential.kind', message: `is ${kind} for a ticket at ${purpose}` })
  if (!credential.endsAt) findings.push({ path: 'credential.endsAt', message: 'is missing' })
  if (!(ttlMs >= 1 && ttlMs <= 3600_000))
    findings.push({ path: 'ttlMs', message: 'is at least 1 ms, and an hour at most' })
  if (findings.length > 0) throw problem('invalid_input', 'the ticket cannot be made like this', { findings })
}

/** Whether a credential counts at a time (ms since 1970). Pure. */
export function credentialState(
  credential: Pick<Credential, 'revokedAt' | 'endsAt'>,
  now: number,
): 'active' | 'revoked' | 'ended' {
  if (credential.revokedAt !== null) return 'revoked'
  return credential.endsAt !== null && Date.parse(credential.endsAt) <= now ? 'ended' : 'active'
}
