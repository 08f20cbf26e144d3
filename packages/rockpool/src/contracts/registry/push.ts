import { problem } from '../../kernel/index.ts'
import type { Clock, Database, Transaction } from '../../kernel/index.ts'
import { addressOfText, checkBundle, textOfBundle } from '../bundle.ts'
import { weightOf } from '../differences/index.ts'
import type { Difference } from '../differences/index.ts'
import { selectStanding } from './approval-store.ts'
import { basesOf } from './bases.ts'
import { allDifferences, breaksOf, countsOf, refusalOf, toBreak } from './gate.ts'
import type { Compared } from './gate.ts'
import type { Judge, Judgement } from './judge.ts'
import { nameFindings, nameOfPush, parseVersion } from './names.ts'
import { selectRunning } from './running.ts'
import {
  findAddress,
  findBranch,
  findNamed,
  insertPush,
  lockService,
  selectBundle,
  selectNamed,
  updateBranchEnd,
} from './store.ts'
import type { Base, PushInput, PushName, PushResult, Traffic, Version, Watcher } from './types.ts'
import { insertNotices, selectWatchers } from './watchers.ts'

export interface PushOptions {
  database: Database
  clock: Clock
  judge: Judge
  traffic?: Traffic | undefined
}

const dayMs = 86_400_000
/** What a branch gets that is given no end. */
const branchMs = 30 * dayMs
/** Somebody else may have pushed meanwhile, and what runs may have changed, but not for ever. */
const mostRounds = 20

/** A push under way: all that hangs on its contents alone. */
interface Pushed extends Omit<PushInput, 'name' | 'branch' | 'bundle'> {
  text: string
  address: string
  judgement: Judgement
  name: PushName | null
  branch: { name: string; endsAt: Date } | null
  /** A fact, and no wish: it is kept without being judged, and named where its name is free. */
  isSeen: boolean
}

type Round =
  | { found: Version }
  | { missing: Base[] }
  | { compared: Compared[]; breaks: ReturnType<typeof breaksOf>; version: Version | null }

/**
 * Keeps a contract as a version of its service, or says why not.
 *
 *   read (in a thread) ──► what is it compared with? ──► compare (in the thread) ──► lock: the same bases still?
 *                                  ▲──────────────────── no ─────────────────────────┤
 *                                                        yes: refuse, or insert ◄────┘
 *
 * @throws Problem `invalid_input` with all findings; `conflict` where the name leads to other contents; `contract_breaks`
 */
export async function push(input: PushInput, options: PushOptions, isSeen = false): Promise<PushResult> {
  const { service, bundle, branch } = input
  const findings = [...nameFindings({ service, branchName: branch?.name }), ...checkBundle(bundle)]
  if (findings.length > 0) throw problem('invalid_input', 'this cannot be pushed', { findings })
  const text = textOfBundle(bundle)
  return options.judge.within(text, (judgement) => {
    const { infoVersion } = judgement.facts
    const name = nameOf(input, infoVersion, isSeen)
    const end = branchEndOf(branch, options.clock.now())
    const address = addressOfText(text)
    return carryOut({ ...input, text, address, judgement, name, branch: end, isSeen }, options)
  })
}

/** On a branch only a revision is a name: its `info.version` is that of what it comes from. */
function nameOf({ name, branch }: PushInput, infoVersion: string, isSeen: boolean): PushName | null {
  if (branch !== null && name === null) return null
  if (branch !== null && name?.kind === 'version')
    throw problem('invalid_input', 'what is on a branch is no version yet', {
      findings: [{ path: 'version', message: 'leave it out, or push it on no branch' }],
    })
  if (isSeen && parseVersion(infoVersion) === null) return null
  return nameOfPush(name, infoVersion)
}

function branchEndOf(branch: PushInput['branch'], now: number): Pushed['branch'] {
  if (branch === null) return null
  const endsAt = branch.endsAt ?? new Date(now + branchMs)
  if (endsAt.getTime() > now) return { name: branch.name, endsAt }
  throw problem('invalid_input', 'the branch would have ended already', {
    findings: [{ path: 'until', message: 'is in the past' }],
  })
}

async function carryOut(pushed: Pushed, options: PushOptions): Promise<PushResult> {
  const { service, judgement } = pushed
  const { database, clock, traffic } = options
  const today = new Date(clock.now()).toISOString().slice(0, 10)
  const differences = new Map<string, readonly Difference[]>()
  for (let rounds = 0; rounds < mostRounds; rounds++) {
    const told = await toldOf(service, [...differences.values()].flat(), options)
    const round = await database.transaction(async (tx) => {
      await lockService(tx, service)
      return inTurn(tx, pushed, { differences, told, at: new Date(clock.now()) })
    })
    if ('found' in round) return { version: round.found, isNew: false, ...nothing }
    if ('missing' in round) {
      for (const { address } of round.missing)
        differences.set(
          address,
          await judgement.differencesFrom(await selectBundle(database, address), today),
        )
      continue
    }
    const { compared, version } = round
    const openFirst = round.breaks.toSorted(
      (a, b) => Number(a.approval !== null) - Number(b.approval !== null),
    )
    const shown = openFirst.slice(0, mostBreaks)
    const weights = await traffic?.weights(
      service,
      shown.map(({ difference }) => difference),
    )
    const breaks = shown.map((each) => toBreak(each, weights))
    const comparedWith = compared.map(({ base }) => base)
    const openBreaks = round.breaks.filter(({ approval }) => approval === null).length
    const shownAs = pushed.name?.name ?? versionOf(pushed)
    const refusal = isRefused(pushed, round.breaks)
      ? refusalOf(service, shownAs, { comparedWith, breaks, openBreaks })
      : null
    if (refusal !== null && !pushed.dryRun)
      throw problem('contract_breaks', refusal.detail, {
        findings: refusal.findings,
        extra: {
          service,
          comparedWith,
          breaks: breaks.filter(({ approval }) => approval === null),
          openBreaks,
        },
      })
    const counts = countsOf(allDifferences(compared))
    return { version, isNew: version !== null, comparedWith, counts, breaks, openBreaks, refusal }
  }
  throw problem('conflict', `others push ${service} all the time: try again`)
}

/** Told by itself; how many there are is said. */
const mostBreaks = 200
const nothing = { comparedWith: [], counts: {}, breaks: [], openBreaks: 0, refusal: null }

/** Nobody else pushes this service, and what it is compared with stays so. */
async function inTurn(
  tx: Transaction,
  pushed: Pushed,
  known: {
    differences: ReadonlyMap<string, readonly Difference[]>
    told: (watcher: Watcher) => boolean
    at: Date
  },
): Promise<Round> {
  const { service, address, branch, judgement } = pushed
  const { at } = known
  const found = await findSame(tx, pushed)
  if (found !== undefined) return { found }
  const bases = basesOf(
    { name: pushed.name, infoVersion: judgement.facts.infoVersion },
    await selectRunning(tx, service),
    await selectNamed(tx, service),
  )
  const missing = bases.filter((base) => base.address !== address && !known.differences.has(base.address))
  if (missing.length > 0) return { missing }
  const compared = bases.map((base) => ({ base, differences: known.differences.get(base.address) ?? [] }))
  const approvals = await selectStanding(tx, service, at)
  const breaks = breaksOf(versionOf(pushed), compared, approvals)
  if (pushed.dryRun || isRefused(pushed, breaks)) return { compared, breaks, version: null }
  const { note, by, text: bundle } = pushed
  const name = await freeName(tx, pushed)
  const { facts } = judgement
  const version = await insertPush(tx, { service, address, bundle, facts, name, branch, note, by, at })
  if (branch === null && compared.length > 0) {
    const watchers = (await selectWatchers(tx, service)).filter(known.told)
    await insertNotices(tx, watchers, {
      version,
      base: compared[0]!.base.address,
      differences: allDifferences(compared),
    })
  }
  return { compared, breaks, version }
}

/** What is there already: nothing is pushed twice. `conflict` where the name leads to other contents. */
async function findSame(tx: Transaction, pushed: Pushed): Promise<Version | undefined> {
  const { service, address, name, branch, isSeen, dryRun } = pushed
  if (branch !== null) {
    const head = await findBranch(tx, service, branch.name)
    if (head?.address !== address || head.name !== (name?.name ?? null)) return undefined
    return dryRun ? head : updateBranchEnd(tx, head.id, branch.endsAt)
  }
  if (isSeen) {
    const found = await findAddress(tx, service, address)
    return found?.branch === null ? found : undefined
  }
  const found = name === null ? undefined : await findNamed(tx, service, name.name)
  if (found === undefined || found.address === address) return found
  throw problem(
    'conflict',
    `${service}@${found.name} leads to ${found.address} since ${found.pushedAt}, and never to anything else: what is pushed is ${address}. Give it another version`,
    { extra: { service, name: found.name, address: found.address, pushed: address } },
  )
}

/** The name that is given, unless what runs bears one that is taken. */
async function freeName(tx: Transaction, { service, name, isSeen }: Pushed): Promise<PushName | null> {
  const isTaken = isSeen && name !== null && (await findNamed(tx, service, name.name)) !== undefined
  return isTaken ? null : name
}

/** By it a push says whether it breaks. */
function versionOf({ name, judgement }: Pushed): string {
  return name?.kind === 'version' ? name.name : judgement.facts.infoVersion
}

function isRefused({ branch, isSeen }: Pushed, breaks: ReturnType<typeof breaksOf>): boolean {
  return branch === null && !isSeen && breaks.some(({ approval }) => approval === null)
}

/** Whether a watcher is told of these differences. Where nothing is known of a consumer's calls, it is. */
async function toldOf(
  service: string,
  differences: readonly Difference[],
  { database, traffic }: PushOptions,
): Promise<(watcher: Watcher) => boolean> {
  if (traffic === undefined || differences.length === 0) return () => true
  // What keeps what was promised is news, and concerns no call: it counts where there is nothing else.
  const felt = differences.filter((difference) => weightOf(difference) !== 'keeps')
  const counted = felt.length > 0 ? felt : differences
  const watchers = await selectWatchers(database, service)
  const unmet = new Set<string>()
  for (const consumer of new Set(watchers.flatMap((watcher) => watcher.consumer ?? [])))
    if ((await traffic.isMetBy(service, counted, consumer)) === false) unmet.add(consumer)
  return ({ consumer }) => consumer === null || !unmet.has(consumer)
}
