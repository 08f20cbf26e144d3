import type { Answer, Item } from '@rockpool/client/control'
import type { Shape } from '../components/verdict.tsx'
import { age, count, many } from '../format.ts'

export type ContractItem = Item<'GET /contracts'>
export type Version = Item<'GET /contracts/{service}/versions'>
export type Counts = Answer<'GET /contracts/{service}/differences'>['counts']

/** Where the page of a service's contract is. */
export const contractPath = (service: string): string => `/contracts/${encodeURIComponent(service)}`

/** Where the differences of two versions are shown. @param from, to as the API takes versions */
export function differencesPath(service: string, from: string, to: string): string {
  return `${contractPath(service)}/differences?${new URLSearchParams({ from, to })}`
}

const digits = 12

/** The beginning of the hash, as the terminal writes it: `sha256:9e27418ed2fe`. Pure. */
export const shortAddress = (address: string): string => address.slice(0, address.indexOf(':') + 1 + digits)

/** What people call it: its name, the branch that it is on, else its address. Pure. */
export const nameOf = ({ name, branch, address }: Pick<Version, 'name' | 'branch' | 'address'>): string =>
  name ?? branch ?? shortAddress(address)

/** What leads to this version for ever: a branch moves, and a revision may be told by its beginning. Pure. */
export const selectorOf = ({ name, kind, address }: Pick<Version, 'name' | 'kind' | 'address'>): string =>
  kind === 'version' && name !== null ? name : shortAddress(address)

/** Weights of differences, worst first, as the API names them: in words for one and for several, and as a verdict. */
export const weights: readonly { weight: string; one: string; more: string; shape: Shape }[] = [
  { weight: 'breaks', one: 'breaks', more: 'break', shape: 'fail' },
  { weight: 'may break', one: 'may break', more: 'may break', shape: 'unsure' },
  { weight: 'breaks code', one: 'breaks code', more: 'break code', shape: 'unsure' },
  { weight: 'says otherwise', one: 'says otherwise', more: 'say otherwise', shape: 'none' },
  { weight: 'keeps', one: 'keeps', more: 'keep', shape: 'none' },
]

export const shapeOfWeight = (weight: string): Shape =>
  weights.find((each) => each.weight === weight)?.shape ?? 'none'

/** `3 break, 1 may break`: those that there are, without those that change nothing for anybody. Pure. */
export function countsInWords(counts: Counts): string {
  const parts = weights.flatMap(({ weight, one, more }) => {
    const number = counts[weight] ?? 0
    return number === 0 || weight === 'keeps' ? [] : [`${count(number)} ${number === 1 ? one : more}`]
  })
  return parts.join(', ')
}

/** How bad the worst of them is for who calls. Pure. */
export function verdictOf(counts: Counts): { says: string; shape: Shape } {
  const says = countsInWords(counts)
  const worst = weights.find(({ weight }) => (counts[weight] ?? 0) > 0)
  return says === '' ? { says: 'breaks nobody', shape: 'pass' } : { says, shape: worst?.shape ?? 'none' }
}

/** Those whose newest version would break callers first; beyond that as they were. Pure. */
export function worstFirst(
  items: readonly ContractItem[],
  counts: ReadonlyMap<string, Counts | undefined>,
): ContractItem[] {
  const breaks = ({ service }: ContractItem) => Math.min(1, counts.get(service)?.['breaks'] ?? 0)
  return items.toSorted((a, b) => breaks(b) - breaks(a))
}

export type Notice = Item<'GET /contract-notices'>

export type Delivery = NonNullable<Notice['delivery']>

/** Who was told, and what became of it at their address; null: they have none. */
export interface Told {
  who: string
  delivery: Delivery | null
}

/** One push, with all who were told of it: by the services for which they watch, else by who they are. Pure. */
export function byPush(notices: readonly Notice[]): (Notice & { told: Told[] })[] {
  const found = new Map<string, Notice & { told: Told[] }>()
  for (const notice of notices) {
    const { push, watcher, delivery } = notice
    const key = `${push.service} ${push.address} ${push.pushedAt}`
    const known = found.get(key) ?? { ...notice, told: [] }
    known.told.push({ who: watcher.consumer ?? watcher.watchedBy, delivery })
    found.set(key, known)
  }
  return [...found.values()]
}

/** What became of a notice at its watcher's address, and when it was, or is tried again. Pure. */
export function stateOfDelivery({ state, failure, toldAt, nextAt }: Delivery): {
  says: string
  shape: Shape
  at: string | null
} {
  if (state === 'told') return { says: 'sent', shape: 'pass', at: toldAt }
  if (state === 'given up') return { says: `given up: ${failure}`, shape: 'fail', at: null }
  return failure === null
    ? { says: 'on its way', shape: 'busy', at: null }
    : { says: `${failure}; tried again`, shape: 'unsure', at: nextAt }
}

/** What runs of a service and what is newest, where these are two: how they differ is of interest. Pure. */
export function aheadOf({ latest, production }: ContractItem): { from: Version; to: Version } | undefined {
  const [runs] = production
  if (runs === undefined || latest === null || production.some(({ address }) => address === latest.address))
    return undefined
  return { from: runs, to: latest }
}

/**
 * Whom the newest versions would break, in one sentence, and what is not known of it. Pure.
 * @param counts of those services whose newest version does not run; undefined: it is not known yet
 */
export function leadOf(
  items: readonly Pick<ContractItem, 'service' | 'production'>[],
  counts: ReadonlyMap<string, Counts | undefined>,
): { answer: string; rest: string } {
  if (items.length === 0) return { answer: 'Nobody has pushed a contract yet.', rest: '' }
  const breaking = [...counts].filter(([, each]) => (each?.['breaks'] ?? 0) > 0).map(([service]) => service)
  const reading = [...counts.values()].some((each) => each === undefined)
  const silent = items.filter(({ production }) => production.length === 0).length
  const rest =
    silent === 0
      ? ''
      : silent === items.length
        ? 'Nothing is known to run.'
        : `Of ${many(silent, 'service')} nothing is known to run.`
  return { answer: answerOf(breaking, reading), rest }
}

function answerOf(breaking: readonly string[], reading: boolean): string {
  if (breaking.length === 0 && reading) return 'The newest versions are being compared with what runs.'
  if (breaking.length === 0) return 'No newest version breaks callers of what runs in production.'
  const who = breaking.length === 1 ? `of ${breaking[0]}` : `of ${count(breaking.length)} services`
  return `The newest version ${who} would break callers of what runs in production.`
}

export type ApprovalItem = Item<'GET /contracts/{service}/approvals'>

/** Whether an approval lets anything pass now. Pure. */
export function stateOfApproval(
  { endsAt, revokedAt }: Pick<ApprovalItem, 'endsAt' | 'revokedAt'>,
  now: number,
): 'stands' | 'ended' | 'revoked' {
  if (revokedAt !== null) return 'revoked'
  return endsAt !== null && Date.parse(endsAt) <= now ? 'ended' : 'stands'
}

/** How a version runs in production, a word for each place: `production`, or as which release. Pure. */
export const runsOf = ({ running }: Pick<Version, 'running'>): string[] =>
  running.map(({ release }) => (release === null ? 'production' : `production, as ${release}`))

/** What runs, in one sentence. @param runs undefined: nothing is known to run. Pure. */
export function versionsLeadOf(runs: Version | undefined, now: number): { answer: string; rest: string } {
  const last = runs?.running.at(-1)
  if (runs === undefined || last === undefined)
    return {
      answer: 'It is not known what runs in production.',
      rest: 'A push is compared with the newest earlier version.',
    }
  const release = last.release === null ? '' : ` as ${last.release}`
  return {
    answer: `${nameOf(runs)} runs in production${release}.`,
    rest: `It has for ${age(now - Date.parse(last.since))}; a push is compared with it.`,
  }
}

/**
 * What two versions are chosen from: what moves first, then each version; and the two that are of
 * interest. Pure. @param shown what the address names; runs: whether anything is known to run
 */
export function selectorsOf(
  versions: readonly Version[],
  shown: readonly (string | undefined)[],
  runs: boolean,
): { selectors: { selector: string; says: string }[]; standing: { from: string; to: string } } {
  const selectors = new Map<string, string>()
  if (runs) selectors.set('production', 'what runs in production')
  selectors.set('latest', 'latest')
  for (const version of versions) {
    const selector = selectorOf(version)
    const what = nameOf(version)
    if (!selectors.has(selector))
      selectors.set(selector, version.branch === null ? what : `branch ${version.branch}`)
  }
  for (const selector of shown)
    if (selector !== undefined && !selectors.has(selector)) selectors.set(selector, selector)
  const kept = versions.filter(({ branch }) => branch === null)
  const [newest, before] = kept
  return {
    selectors: [...selectors].map(([selector, says]) => ({ selector, says })),
    standing: {
      from: runs ? 'production' : before === undefined ? 'latest' : selectorOf(before),
      to: newest === undefined ? 'latest' : selectorOf(newest),
    },
  }
}
