/** Something that can be gone to by its name or id. */
export interface Place {
  name: string
  to: string
  /** What it is: `page`, `check`, `run`. */
  kind: string
}

/** Ids say what they are; the page is found without asking control. */
const ids: readonly { start: string; kind: string; to: (id: string) => string }[] = [
  { start: 'run_', kind: 'run', to: (id) => `/runs/${encodeURIComponent(id)}` },
]

/** What the other pages list, as places. */
export interface Listed {
  checks: readonly { name: string }[]
  bots: readonly { name: string }[]
  organizations: readonly { slug: string }[]
  sandboxes: readonly { slug: string }[]
  contracts: readonly { service: string }[]
}

/** Everything that has a name, pages first; only what has a page. Pure. */
export function placesOf(pages: readonly { name: string; path: string }[], listed: Listed): Place[] {
  const has = (path: string) => pages.some((page) => page.path === path)
  const slugs = (kind: string, path: string, some: readonly { slug: string }[]) =>
    has(path) ? some.map(({ slug }) => ({ name: slug, kind, to: `${path}/${encodeURIComponent(slug)}` })) : []
  return [
    ...pages.map(({ name, path }) => ({ name, to: path, kind: 'page' })),
    ...listed.checks.map(({ name }) => ({ name, to: checkPath(name), kind: 'check' })),
    ...(has('/bots') ? listed.bots.map(({ name }) => ({ name, to: botPath(name), kind: 'bot' })) : []),
    ...slugs('organization', '/organizations', listed.organizations),
    ...slugs('sandbox', '/sandboxes', listed.sandboxes),
    ...slugs(
      'contract',
      '/contracts',
      listed.contracts.map(({ service }) => ({ slug: service })),
    ),
  ]
}

const most = 12

/** What fits a text: an id first, then names that begin with it, then names that hold all its words. Pure. */
export function placesFor(text: string, places: readonly Place[]): Place[] {
  const wanted = text.trim()
  const lower = wanted.toLowerCase()
  if (lower === '') return places.slice(0, most)
  const byId = ids
    .filter(({ start }) => wanted.startsWith(start) && wanted.length > start.length)
    .map(({ kind, to }) => ({ name: wanted, kind, to: to(wanted) }))
  const words = lower.split(/\s+/)
  const begins = places.filter(({ name }) => name.toLowerCase().startsWith(lower))
  const holds = places.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
  return [...byId, ...new Set([...begins, ...holds])].slice(0, most)
}

/** Where a check's page is. */
export const checkPath = (check: string): string => `/checks/${encodeURIComponent(check)}`
/** Where the page of a bot is. */
export const botPath = (bot: string): string => `/bots/${encodeURIComponent(bot)}`
/** Where the page of that is whose run it was. */
export const scenarioPath = (kind: 'check' | 'bot', name: string): string =>
  kind === 'bot' ? botPath(name) : checkPath(name)
/** Where a run's page is. */
export const runPath = (run: string): string => `/runs/${encodeURIComponent(run)}`
