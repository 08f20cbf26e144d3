import { refuse, valuesOf } from '../ground.ts'
import type { Known, RequestHead } from '../ground.ts'
import { hash } from '../hash.ts'
import type { SnapshotCredential, SnapshotRelease, SnapshotService } from '../types.ts'
import { releaseHeader, releaseName } from './names.ts'

/** More pairs than that in one header are no selection any more. */
const mostPairs = 50

type Caller = Pick<Known, 'organization' | 'credential'>

/**
 * Which release of a service takes a call: the one that a verified caller names, else the organization's. Null: none takes
 * calls, and the service's own address does. Pure.
 *
 * @throws Refusal `release_unknown` and `malformed_request`, for verified callers alone
 */
export function releaseFor(
  service: SnapshotService,
  head: RequestHead,
  known: Caller,
): SnapshotRelease | null {
  const named = mayName(known.credential) ? namedFor(service.name, valuesOf(head, releaseHeader)) : null
  if (named !== null) return findRelease(service, named)
  if (service.releases.length === 0) return null
  return releaseOf(service, known.organization?.slug ?? null)
}

/**
 * Who may name a release, and is told which one answered: what runs for Rockpool, by the credential of its run. A service
 * that calls on for it may not. Pure.
 */
export function mayName(credential: SnapshotCredential | null): boolean {
  if (credential === null || credential.run === null || credential.kind === 'service') return false
  return credential.actor !== 'customer' && credential.actor !== 'anonymous'
}

/**
 * Sticky by organization: weighted rendezvous (Thaler and Ravishankar 1998; the weights as in Schindelhauer and Schomaker
 * 2005). An organization leaves its release only for one whose share grew, and only as many leave as the shares differ;
 * each service has its own order. A call without an organization goes to the release with the greatest weight. Pure.
 */
export function releaseOf(
  { name, releases }: Pick<SnapshotService, 'name' | 'releases'>,
  organization: string | null,
): SnapshotRelease | null {
  const choice = releases.filter(({ weight, drain }) => weight > 0 && drain === null)
  if (choice.length < 2) return choice[0] ?? null
  const costOf = (release: SnapshotRelease) =>
    organization === null
      ? 1 / release.weight
      : -Math.log(fractionOf(`${name}\n${organization}\n${release.name}`)) / release.weight
  let [cheapest] = choice
  let least = Infinity
  for (const release of choice) {
    const cost = costOf(release)
    if (cost >= least) continue
    cheapest = release
    least = cost
  }
  return cheapest!
}

/** What the header says of this service: `v2`, or pairs such as `catalog=v2, orders=v7`. Null: nothing. */
function namedFor(service: string, values: readonly string[]): string | null {
  if (values.length === 0) return null
  const members = values.join(',').split(',', mostPairs + 1)
  const pairs = members.map((member) => {
    const [name, ...release] = member.trim().split('=')
    return release.length === 0
      ? { service: null, release: name! }
      : { service: name!, release: release.join('=') }
  })
  const isAlone = pairs.length === 1
  const named = pairs.filter((pair) => pair.service === service || pair.service === null)
  const isSound = pairs.every((pair) => releaseName.test(pair.release) && (isAlone || pair.service !== null))
  if (!isSound || pairs.length > mostPairs || named.length > 1)
    throw refuse(
      'malformed_request',
      'Rockpool-Release is the name of one release, or pairs such as “catalog=v2, orders=v7”, each service once',
    )
  return named[0]?.release ?? null
}

function findRelease({ name, releases }: SnapshotService, wanted: string): SnapshotRelease {
  const found = releases.find((release) => release.name === wanted)
  if (found !== undefined && found.drain === null) return found
  const there = releases.filter(({ drain }) => drain === null).map((release) => release.name)
  const others = there.length === 0 ? 'it has none that takes calls' : `there are: ${there.join(', ')}`
  const detail =
    found === undefined
      ? `service ${name} has no release of that name; ${others}`
      : `release ${found.name} of service ${name} is being drained; ${others}`
  throw refuse('release_unknown', detail, { service: name, releases: there })
}

/** Above 0 and below 1, evenly, however little names differ. */
const fractionOf = (text: string) => (hash(text) + 0.5) / 2 ** 32
