import type { MigrationSet } from './kernel/index.ts'

/*
 * THE list of all parts, bottom first: each may call those above it in this list, and tells those below it by events.
 * `migrations` is the folder of the part's own schema, which no other part reads.
 */
export const parts = [
  { name: 'organizations', migrations: folder('organizations') },
  { name: 'secrets', migrations: folder('secrets') },
  { name: 'events', migrations: folder('events') },
  { name: 'databases' },
  { name: 'effects', migrations: folder('effects') },
  { name: 'contracts', migrations: folder('contracts') },
  { name: 'sandboxes', migrations: folder('sandboxes') },
  { name: 'gateway', migrations: folder('gateway') },
  { name: 'checks', migrations: folder('checks') },
  { name: 'bots', migrations: folder('bots') },
  { name: 'deploys', migrations: folder('deploys') },
] as const satisfies readonly Part[]

interface Part {
  name: string
  migrations?: URL
}

/** What brings Rockpool's own database up to date. */
export const migrationSets: readonly MigrationSet[] = parts.flatMap((part) =>
  'migrations' in part ? [{ schema: part.name, folder: part.migrations }] : [],
)

function folder(part: string): URL {
  return new URL(`./${part}/migrations/`, import.meta.url)
}
