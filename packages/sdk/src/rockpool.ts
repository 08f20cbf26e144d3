import { AsyncLocalStorage } from 'node:async_hooks'
import { createActivity } from './activity.ts'
import { createCalls } from './calls.ts'
import { createContextStore, type Context } from './context.ts'
import { companionOf, inTransaction, protectPool } from './database.ts'
import { createDelivery } from './delivery.ts'
import { createEffect } from './effects.ts'
import { createErasure } from './erasure.ts'
import { problem } from './errors.ts'
import { createConsumers, eventType, writeEvent } from './events.ts'
import { createKeys, createVerifier } from './identity.ts'
import { createInbound } from './inbound.ts'
import { createLog } from './log.ts'
import { readSettings } from './settings.ts'
import { readRequestId, readTrace } from './trace.ts'
import type { Consumer, PoolLike, Rockpool, RockpoolOptions, StoredOrPlain } from './types.ts'
import { isIdentity, maxStoredIdentityS, plainIdentity } from './wire.ts'

/**
 * Rockpool within a service. Reads the `ROCKPOOL_*` variables that the agent sets.
 * @throws Problem `settings_invalid` with every finding
 */
export function createRockpool(options: RockpoolOptions = {}): Rockpool {
  const settings = readSettings(options.environment ?? process.env)
  const { service } = settings
  const log = options.log ?? createLog(service)
  const { database } = options
  if (database) protectPool(database, log)
  const records = database && companionOf(database, log)

  const context = createContextStore()
  const keys = options.keys ?? createKeys({ url: settings.jwksUrl, log })
  const verifier = createVerifier({ service, keys, now: options.now ?? Date.now })
  const activity = createActivity()
  const erasure = createErasure({ database, activity, log })
  const consumers = createConsumers(service, settings.consumes)
  const deliver = createDelivery({ consumers, verifier, context, activity, erasure, database, log })
  const inbound = createInbound({ service, verifier, context, activity, erasure, deliver, log })
  const currentIdentity = () => context.current()?.identity

  const requireContext = (): Context => {
    const current = context.current()
    if (current) return current
    throw problem(
      'identity_missing',
      'this runs outside of any request, event or runAs(), so it acts for nobody',
    )
  }
  const requireDatabase = (what: string): PoolLike => {
    if (database) return database
    throw problem(
      'database_missing',
      `${what} needs a database: in the config write \`database: true\`, and here createRockpool({ database: createPool() })`,
    )
  }
  const requireRecords = (effect: string): PoolLike => records ?? requireDatabase(`the effect ${effect}`)
  const contextOf = async (stored: StoredOrPlain): Promise<Context> => {
    const claims =
      typeof stored === 'string'
        ? await verifier.verify(stored, { trust: ['gateway', 'relay'], storedForS: maxStoredIdentityS })
        : stored
    if (!isIdentity(claims))
      throw problem(
        'identity_malformed',
        'runAs() takes what storeIdentity() returned, or { organization, environment, actor }',
      )
    const identity = { ...plainIdentity(claims), request: readRequestId(undefined) }
    return { identity, ...readTrace(undefined), ...(typeof stored === 'string' ? { token: stored } : {}) }
  }

  return {
    service,
    inbound,
    identity: () => requireContext().identity,
    currentIdentity,
    storeIdentity() {
      const { token } = requireContext()
      if (token !== undefined) return token
      throw problem('identity_not_signed', 'this work runs as a plain identity: store that one instead')
    },
    async runAs<T>(
      stored: StoredOrPlain,
      ...rest: [() => Promise<T> | T] | [string, () => Promise<T> | T]
    ): Promise<T> {
      const [reason, work] = rest.length === 1 ? ['not given', rest[0]] : rest
      const next = await contextOf(stored)
      const { organization } = next.identity
      if (await erasure.isErased(organization))
        throw problem('organization_deleted', `the organization ${organization} is deleted`)
      const leave = activity.enter(organization)
      const { card: _, user: __, ...said } = next.identity
      log.info({ ...said, kind: next.token ? 'stored' : 'plain', reason }, 'runs as an identity')
      try {
        return await context.run(next, work)
      } finally {
        leave()
      }
    },
    effect: (name, ways, effectOptions = {}) =>
      createEffect(name, ways, effectOptions, {
        identity: currentIdentity,
        database: requireRecords(name),
        log,
      }),
    publish: async (tx, event) =>
      writeEvent(tx, requireContext().identity, { ...event, type: eventType(service, event) }),
    consume(type, consumer) {
      requireDatabase(`consuming ${type}`)
      consumers.add(type, consumer as Consumer)
    },
    transaction: async (work) => inTransaction(requireDatabase('a transaction'), currentIdentity(), work),
    fetch: createCalls({ ...settings, context: () => context.current() }),
    bind: (callback) => AsyncLocalStorage.bind(callback),
    close: () => keys.close(),
  }
}
