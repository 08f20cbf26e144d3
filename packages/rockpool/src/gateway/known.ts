import { credentialState } from '../organizations/index.ts'
import type {
  Changes,
  Credential,
  Doubts,
  Organization,
  Organizations,
  Page,
} from '../organizations/index.ts'
import { nameOf, type Kind, type Publication } from './publication.ts'
import type { SnapshotCredential, SnapshotEntries, SnapshotOrganization } from './types.ts'

/** What tells organizations. Who can tell only everything (`snapshot`) is asked for that at each change. */
export type KnownOrganizations =
  | Pick<Organizations, 'snapshot'>
  | Pick<Organizations, 'changes' | 'list' | 'usablePage'>

/** Keeps organizations, credentials and keys in the publication as they are committed. */
export interface Known {
  /**
   * Reads what was committed since the last read that was taken. What it gives puts that into the publication, at once; to
   * be called before the next read, or not at all.
   */
  read(): Promise<(now: number) => void>
  /**
   * Compares everything with what is stored, page by page, so that neither others nor changes wait for it. What differs is
   * told by the next read. True: something does.
   */
  compare(): Promise<boolean>
}

/** Each costs the event loop a few milliseconds. */
const pageSize = 500
const noDoubts: Doubts = { organizations: [], credentials: [] }

/*
 *   read     changes since the moment of the read before ──► put, drop                 each change; every few seconds
 *   compare  pages of all ──► what differs is in doubt ──► the next read tells it      once a minute; after a lost connection
 */
export function createKnown(organizations: KnownOrganizations, publication: Publication): Known {
  /** Credentials that end by themselves, by sha256: nobody writes when they do. */
  const ends = new Map<string, number>()
  let moment: string | undefined
  let doubts = noDoubts

  function take(changes: Changes, now: number): void {
    if (changes.whole) {
      dropOthers('organizations', changes.organizations)
      dropOthers('credentials', changes.credentials)
    }
    for (const organization of changes.organizations)
      if (organization.status === 'deleted') publication.drop('organizations', organization.slug)
      else publication.put('organizations', toOrganization(organization))
    for (const sha256 of changes.gone) publication.drop('credentials', sha256)
    for (const credential of changes.credentials) takeCredential(credential, now)
    for (const [sha256, end] of ends)
      if (end <= now) {
        ends.delete(sha256)
        publication.drop('credentials', sha256)
      }
    const keys = changes.keys.map(({ kid, trust, jwk: { kty, crv, x } }) => ({
      kid,
      trust,
      jwk: { kty, crv, x },
    }))
    publication.replace('keys', keys)
  }

  function takeCredential(credential: Credential, now: number): void {
    const { sha256, endsAt } = credential
    ends.delete(sha256)
    const entry = toCredential(credential)
    if (entry === undefined || credentialState(credential, now) !== 'active')
      return publication.drop('credentials', sha256)
    if (endsAt !== null) ends.set(sha256, Date.parse(endsAt))
    publication.put('credentials', entry)
  }

  function dropOthers<K extends Kind>(kind: K, entries: readonly object[]): void {
    const names = new Set(entries.map((entry) => nameOf(kind, entry as SnapshotEntries[K][number])))
    for (const name of publication.names(kind)) if (!names.has(name)) publication.drop(kind, name)
  }

  /** Organizations in doubt that nobody told: they have no row any more, though rows are never deleted but by hand. */
  function dropMissing(doubted: readonly string[], told: readonly Organization[]): void {
    const slugs = new Set(told.map(({ slug }) => slug))
    for (const slug of doubted) if (!slugs.has(slug)) publication.drop('organizations', slug)
  }

  /** Names of entries that are not stored as they are published. */
  async function different<K extends 'organizations' | 'credentials'>(
    kind: K,
    pages: AsyncIterable<SnapshotEntries[K]>,
  ): Promise<string[]> {
    const unseen = new Set(publication.names(kind))
    const others: string[] = []
    for await (const page of pages)
      for (const entry of page) {
        const name = nameOf(kind, entry)
        unseen.delete(name)
        if (!publication.holds(kind, entry)) others.push(name)
      }
    return [...others, ...unseen]
  }

  return {
    async read() {
      const asked = doubts
      const changes = tellsChanges(organizations)
        ? await organizations.changes(moment, asked)
        : { ...(await organizations.snapshot()), whole: true, gone: [], moment: '' }
      return (now) => {
        if (!changes.whole) dropMissing(asked.organizations, changes.organizations)
        take(changes, now)
        moment = changes.moment
        if (doubts === asked) doubts = noDoubts
      }
    },

    async compare() {
      if (!tellsChanges(organizations)) return false
      const status = (wanted: Organization['status']) =>
        pagesOf((cursor) => organizations.list({ cursor, limit: pageSize, status: wanted }), toOrganization)
      const credentials = pagesOf(
        (cursor) => organizations.usablePage({ cursor, limit: pageSize }),
        toCredential,
      )
      doubts = {
        organizations: await different('organizations', chain(status('active'), status('deleting'))),
        credentials: await different('credentials', credentials),
      }
      return doubts.organizations.length + doubts.credentials.length > 0
    },
  }
}

function tellsChanges(
  organizations: KnownOrganizations,
): organizations is Exclude<KnownOrganizations, Pick<Organizations, 'snapshot'>> {
  return 'changes' in organizations
}

async function* pagesOf<T, E>(
  read: (cursor: string | undefined) => Promise<Page<T>>,
  toEntry: (item: T) => E | undefined,
): AsyncGenerator<E[]> {
  let cursor: string | undefined
  do {
    const page: Page<T> = await read(cursor)
    yield page.items.map(toEntry).filter((entry) => entry !== undefined)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}

async function* chain<T>(...parts: AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const part of parts) yield* part
}

function toOrganization({ slug, environment, parent, status }: Organization): SnapshotOrganization {
  return { slug, environment, parent, status }
}

/** Undefined: gateways are not told of it. */
function toCredential(credential: Credential): SnapshotCredential | undefined {
  const { id, sha256, kind, allows, environment, actor, run, service, scopes, grant, endsAt } = credential
  if (kind === 'control') return undefined
  return { id, sha256, kind, allows, environment, actor, run, service, scopes: [...scopes], grant, endsAt }
}
