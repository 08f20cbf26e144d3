import { handle, problem, type Caller, type Clock, type Handled } from '../../kernel/index.ts'
import { requireOrganization, type Organizations } from '../../organizations/index.ts'
import { defaultCutOff, type Ground } from '../ground.ts'
import type { Publisher } from '../publisher.ts'
import type { Directory } from '../snapshot.ts'
import { expositionType, toExposition } from './exposition.ts'
import { asOfOf, cutOffOf, nameOf, type GatewayList } from './gateway-list.ts'
import { holdsOf } from './holds.ts'
import { familiesOf } from './metrics.ts'
import { listGateways, listRoutes, readMetrics, resolveRequest } from './operations.ts'
import { organizationNamedIn, resolve, type Question } from './resolve.ts'
import { assumedKinds } from './assumed.ts'
import type { KnownGateway } from './types.ts'

export interface OverviewOperationsOptions {
  publisher: Pick<Publisher, 'version' | 'published' | 'findings'>
  gateways: Pick<GatewayList, 'list'>
  organizations: Pick<Organizations, 'get'>
  /** Browsers reach the gateway by https. */
  secure: boolean
  /** Of Rockpool. */
  release: string
  clock: Clock
}

/** What the api part mounts. */
export function overviewOperations(options: OverviewOperationsOptions): Handled[] {
  const { publisher, gateways, organizations, secure, release, clock } = options

  const published = () => {
    const found = publisher.published()
    if (found) return found
    throw problem('gateway_not_ready', 'control publishes nothing to gateways yet')
  }

  return [
    handle(listGateways, async () => {
      const { directory, asOf } = published()
      const now = clock.now()
      return {
        newest: publisher.version(),
        asOf: iso(asOf),
        holds: holdsOf(directory),
        findings: publisher.findings().map(({ path, message }) => ({ path, message })),
        items: gateways.list().map((gateway) => told(gateway, now)),
      }
    }),

    handle(listRoutes, async ({ query, caller }) => {
      const offset = readCursor(query.cursor)
      const all = routesIn(published().directory, query.service)
      const items = all.slice(offset, offset + query.limit)
      const end = offset + items.length
      return {
        items: caller.organization === null ? items : items.map((item) => ({ ...item, reason: null })),
        next: end < all.length ? String(end) : null,
      }
    }),

    handle(resolveRequest, async ({ body, caller }) => {
      const { directory, asOf } = published()
      const ground: Ground = { directory, asOf, cutOff: defaultCutOff, secure }
      const as = readAs(directory, body.as)
      const question = { ...body, as }
      if (caller.organization !== null) await requireReach(organizations, caller, ground, question)
      const { decision, madeUp, ...resolution } = resolve(ground, question, clock.now())
      const { organization, identity, route, service } = decision
      const refusal = decision.kind === 'refuse' ? decision.problem : null
      const forward = decision.kind === 'forward' ? decision : null
      return {
        ...resolution,
        code: refusal?.code ?? null,
        status: refusal?.status ?? null,
        detail: refusal?.detail ?? null,
        allow: decision.kind === 'forward' ? null : decision.allow,
        service,
        route,
        organization: organization?.slug === madeUp ? null : organization,
        identity: identity && { ...identity, run: identity.run ?? null },
        upstream: forward && {
          url: caller.organization === null ? forward.url : null,
          target: forward.target,
          deadlineMs: forward.deadlineMs,
          delayMs: forward.delayMs,
        },
        version: directory.version,
        asOf: iso(asOf),
      }
    }),

    handle(readMetrics, async () => {
      const { directory, asOf } = published()
      const control = {
        release,
        version: publisher.version(),
        asOf,
        holds: holdsOf(directory),
        findings: publisher.findings().length,
      }
      const families = familiesOf(gateways.list(), control, clock.now())
      return { ...expositionType, bytes: Buffer.from(toExposition(families)) }
    }),
  ]
}

function told(gateway: KnownGateway, now: number) {
  const { facts, heard, version, connected } = gateway
  const asOf = asOfOf(gateway)
  return {
    gateway: gateway.gateway,
    name: nameOf(gateway),
    connected,
    heard: heard === null ? null : iso(heard),
    // 0 is what one says that has none.
    version: version || null,
    asOf: asOf === null ? null : iso(asOf),
    cutOff: cutOffOf(gateway, now),
    notReady: facts?.notReady ?? null,
    draining: facts?.draining ?? false,
    engine: facts?.engine ?? null,
    addresses: facts?.addresses ?? [],
    key: facts?.key ?? null,
    started: facts?.started ?? null,
    holds: facts?.holds ?? null,
    ledgerWaiting: facts?.ledgerWaiting ?? null,
    trafficWaiting: facts?.trafficWaiting ?? null,
    logLinesDropped: facts?.logLinesDropped ?? null,
    refused: facts?.refused ?? null,
  }
}

function routesIn({ services }: Directory, wanted: string | undefined) {
  const named = [...services.values()].filter(({ name }) => wanted === undefined || name === wanted)
  if (wanted !== undefined && named.length === 0)
    throw problem(
      'not_found',
      `gateways know no service “${wanted}”; there are: ${[...services.keys()].toSorted().join(', ') || 'none'}`,
    )
  return named
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, state, reason, routes }) =>
      routes
        .map((route) => ({ ...route, service: name, state, reason }))
        .toSorted((a, b) => (a.path === b.path ? compare(a.method, b.method) : compare(a.path, b.path))),
    )
}

/** The number of routes that came before. */
function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (/^\d{1,7}$/.test(cursor)) return Number(cursor)
  throw problem('invalid_input', 'the cursor is not the `next` of a page', {
    findings: [{ path: 'cursor', message: 'is not one of this list' }],
  })
}

const noCredential = () =>
  problem(
    'not_found',
    `there is no such credential at the gateways; name a kind (${assumedKinds.join(', ')}) or the id of one that counts`,
  )

function readAs({ credentials }: Directory, as: string): Question['as'] {
  const kind = assumedKinds.find((known) => known === as)
  if (kind !== undefined) return { kind }
  // It is not repeated: whoever sent it should revoke it.
  if (as.startsWith('rp_'))
    throw problem(
      'invalid_input',
      '“as” takes the id of a credential; this is a text, which nobody should see',
    )
  for (const credential of credentials.values()) if (credential.id === as) return { credential }
  throw noCredential()
}

/** What a bound caller asks about is its own: the organization of the path, the one that is named, the credential's. */
async function requireReach(
  organizations: Pick<Organizations, 'get'>,
  caller: Caller,
  ground: Ground,
  question: Question,
): Promise<void> {
  if ('credential' in question.as) {
    const { allows } = question.as.credential
    const owner =
      'organization' in allows ? allows.organization : 'sandboxesOf' in allows ? allows.sandboxesOf : null
    // As if there were none: that it exists is not for everybody.
    if (owner === null) throw noCredential()
    await requireOrganization(organizations, caller, owner).catch(() => Promise.reject(noCredential()))
  }
  for (const slug of [question.organization, organizationNamedIn(ground, question)])
    if (slug !== undefined) await requireOrganization(organizations, caller, slug)
}

const iso = (ms: number) => new Date(ms).toISOString()
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
