import { organizationDeleting } from '@rockpool/sdk/wire'
import type { Databases } from '../databases/index.ts'
import type { Events } from '../events/index.ts'
import { newId, type Clock, type Database, type Log, type Transaction } from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'
import { answersOf } from './answers.ts'
import { countEverywhere } from './counting.ts'
import {
  requireHeld,
  setAsked,
  setBefore,
  setNextPass,
  setOwnErased,
  type Deletion,
} from './deletion-store.ts'
import { makeReceipt } from './receipt.ts'
import { closeDeletion, selectSandbox } from './store.ts'
import type { Counted, OwnData, Waiting } from './types.ts'

/*
 * The steps of a deletion, each to be done again without harm: one transaction of Rockpool's database, or only a look.
 */

export interface DeletionOptions {
  database: Database
  organizations: Organizations
  events: Events
  databases: Pick<Databases, 'counts' | 'services'>
  /** Services with a database: each is asked to erase. Counted are all that have one, these or not. */
  services: readonly string[]
  own: readonly OwnData[]
  clock: Clock
  log: Log
  /** This keeper. */
  keeper: string
  leaseMs: number
}

export const count = (options: DeletionOptions, sandbox: string) => countEverywhere(options, sandbox)

/** What is written is this keeper's to write, or nothing is written. */
function held<T>(
  { database, keeper }: DeletionOptions,
  { sandbox }: Deletion,
  work: (tx: Transaction) => Promise<T>,
) {
  return database.transaction(async (tx) => {
    await requireHeld(tx, sandbox, keeper)
    return work(tx)
  })
}

export function recordBefore(
  options: DeletionOptions,
  deletion: Deletion,
  before: readonly Counted[],
): Promise<void> {
  return held(options, deletion, (tx) => setBefore(tx, deletion.sandbox, before))
}

export function ask(options: DeletionOptions, deletion: Deletion): Promise<void> {
  const { sandbox } = deletion
  return held(options, deletion, async (tx) => {
    const identity = { organization: sandbox, environment: 'sandbox', actor: 'service' } as const
    const event = await options.events.append(tx, {
      type: organizationDeleting,
      key: sandbox,
      identity,
      data: {},
    })
    await setAsked(tx, sandbox, event, new Date(options.clock.now()))
  })
}

export async function hear({ events, services, clock }: DeletionOptions, { event, askedAt }: Deletion) {
  const delivery = event === null ? undefined : await events.delivery(event)
  const askedForMs = clock.now() - (askedAt?.getTime() ?? clock.now())
  const answers = answersOf(services, delivery, [], askedForMs)
  if (answers.every(({ state }) => state !== 'waiting')) return answers
  // Why a service does not answer is asked only when one does not: it takes a look at the whole log.
  return answersOf(services, delivery, await events.consumers(), askedForMs)
}

export function eraseOwn(
  options: DeletionOptions,
  deletion: Deletion,
  refusals: readonly Waiting[],
): Promise<void> {
  return held(options, deletion, async (tx) => {
    for (const own of options.own) await own.erase(tx, deletion.sandbox)
    await setOwnErased(tx, deletion.sandbox, refusals)
  })
}

export async function goAgain(
  options: DeletionOptions,
  deletion: Deletion,
  after: readonly Counted[],
): Promise<void> {
  const { sandbox, pass } = deletion
  await held(options, deletion, (tx) => setNextPass(tx, sandbox))
  options.log.warn({ sandbox, pass, left: left(after) }, 'something is left: asking again')
}

export async function end(
  options: DeletionOptions,
  deletion: Deletion,
  after: readonly Counted[],
): Promise<void> {
  const { clock, log, services } = options
  await held(options, deletion, async (tx) => {
    const sandbox = await selectSandbox(tx, deletion.sandbox)
    const now = new Date(clock.now())
    const receipt = makeReceipt({
      id: newId('rcp'),
      sandbox,
      at: now.toISOString(),
      passes: deletion.pass,
      services,
      before: deletion.before ?? [],
      after,
      refusals: deletion.refusals,
    })
    if (receipt.complete) await options.organizations.setStatus(tx, sandbox.slug, 'deleted')
    else log.error({ sandbox: sandbox.slug, left: left(after) }, 'a sandbox leaves residue')
    await closeDeletion(tx, receipt, now)
  })
}

const left = (after: readonly Counted[] = []) => after.filter(({ rows }) => rows !== null && rows > 0)
