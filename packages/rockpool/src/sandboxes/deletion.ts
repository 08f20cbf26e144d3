import { organizationDeleting } from '@rockpool/sdk/wire'
import type { Databases } from '../databases/index.ts'
import type { Events } from '../events/index.ts'
import { messageOf, newId, type Clock, type Database, type Log, type Transaction } from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'
import { answersOf } from './answers.ts'
import { countEverywhere, NotCounted } from './counting.ts'
import {
  holdDeletion,
  releaseDeletion,
  requireHeld,
  setAsked,
  setBefore,
  setNextPass,
  setOwnErased,
  type Deletion,
} from './deletion-store.ts'
import { nextStep, visitPause, type Facts } from './next-step.ts'
import { makeReceipt } from './receipt.ts'
import { closeDeletion, selectSandbox } from './store.ts'
import type { Counted, OwnData, Waiting } from './types.ts'

export interface DeletionOptions {
  database: Database
  organizations: Organizations
  events: Events
  databases: Pick<Databases, 'counts'>
  /** Services with a database: each is asked to erase, and counted. */
  services: readonly string[]
  own: readonly OwnData[]
  clock: Clock
  log: Log
  /** This keeper. */
  keeper: string
  leaseMs: number
}

/** A deletion that does not come on is looked at only briefly, so that it holds up no other. */
const patienceMs = 400
const patientVisits = 3

/**
 * Carries a deletion that this keeper holds as far as it goes now. Each step is one transaction of Rockpool's database,
 * or changes nothing, so it may be broken off anywhere and done again from what is recorded.
 *
 * @returns when to look again, in milliseconds since 1970; undefined when it is done, or no longer this keeper's
 */
export async function carryOn(
  sandbox: string,
  options: DeletionOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { database, clock, keeper, log } = options
  const release = async (nextAt: number, waiting: readonly Waiting[]) => {
    await releaseDeletion(database, { sandbox, keeper, nextAt: new Date(nextAt), waiting })
    return nextAt
  }
  const arrived = clock.now()
  const facts: Facts = {}
  let visits = 0
  try {
    for (;;) {
      const deletion = await holdDeletion(database, {
        sandbox,
        keeper,
        until: new Date(clock.now() + options.leaseMs),
      })
      if (!deletion) return undefined
      if (signal.aborted) return await release(clock.now(), deletion.waiting)
      visits = deletion.visits
      const step = nextStep(deletion, facts)
      switch (step.do) {
        case 'count':
          await recordBefore(options, deletion, await count(options, sandbox))
          break
        case 'ask':
          await ask(options, deletion)
          break
        case 'hear':
          facts.answers = await hear(options, deletion)
          break
        case 'wait':
          if (deletion.visits >= patientVisits || clock.now() - arrived >= patienceMs)
            return await release(clock.now() + visitPause(deletion.visits), step.for)
          await clock.sleep(20, signal).catch(() => {})
          delete facts.answers
          break
        case 'erase':
          await eraseOwn(options, deletion, step.refusals)
          break
        case 'check':
          facts.after = await count(options, sandbox)
          break
        case 'again':
          await held(options, deletion, (tx) => setNextPass(tx, sandbox))
          log.warn(
            { sandbox, pass: deletion.pass, left: left(facts.after) },
            'something is left: asking again',
          )
          return await release(clock.now() + step.pauseMs, [])
        case 'finish':
        case 'leave':
          await end(options, deletion, facts.after ?? [])
          return undefined
      }
    }
  } catch (error) {
    if (!(error instanceof NotCounted))
      log.warn({ sandbox, error: messageOf(error) }, 'a deletion was interrupted')
    const waiting =
      error instanceof NotCounted ? error.waiting : [{ service: 'rockpool', reason: messageOf(error) }]
    return release(clock.now() + visitPause(visits + 5), waiting)
  }
}

const count = (options: DeletionOptions, sandbox: string) => countEverywhere(options, sandbox)

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

function recordBefore(
  options: DeletionOptions,
  deletion: Deletion,
  before: readonly Counted[],
): Promise<void> {
  return held(options, deletion, (tx) => setBefore(tx, deletion.sandbox, before))
}

function ask(options: DeletionOptions, deletion: Deletion): Promise<void> {
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

async function hear({ events, services, clock }: DeletionOptions, { event, askedAt }: Deletion) {
  const delivery = event === null ? undefined : await events.delivery(event)
  const askedForMs = clock.now() - (askedAt?.getTime() ?? clock.now())
  const answers = answersOf(services, delivery, [], askedForMs)
  if (answers.every(({ state }) => state !== 'waiting')) return answers
  // Why a service does not answer is asked only when one does not: it takes a look at the whole log.
  return answersOf(services, delivery, await events.consumers(), askedForMs)
}

function eraseOwn(options: DeletionOptions, deletion: Deletion, refusals: readonly Waiting[]): Promise<void> {
  return held(options, deletion, async (tx) => {
    for (const own of options.own) await own.erase(tx, deletion.sandbox)
    await setOwnErased(tx, deletion.sandbox, refusals)
  })
}

async function end(options: DeletionOptions, deletion: Deletion, after: readonly Counted[]): Promise<void> {
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
