import { toJwks } from '@rockpool/sdk/wire'
import type { Jwks, PublicKey } from '@rockpool/sdk/wire'
import { messageOf, problem, type Listener, type Log } from '../kernel/index.ts'
import type { Organizations } from '../organizations/index.ts'

/** How long an answer waits for Postgres before it is given from memory. */
const patienceMs = 250

export interface KeySet {
  /** Begins to keep the keys in memory up to date. */
  start(): Promise<void>
  /** The keys as of now; with Postgres down, the last ones known. */
  read(): Promise<Jwks>
  close(): Promise<void>
}

/**
 * The public keys of the gateways and the relay. Read from Postgres for each answer, since a service that meets a new
 * kid asks at once and then not again for a second; kept in memory for when Postgres is down.
 */
export function createKeySet({ organizations, log }: { organizations: Organizations; log: Log }): KeySet {
  let known: PublicKey[] | undefined
  let listener: Listener | undefined

  let asked = 0
  let answered = 0

  const refresh = async () => {
    const turn = ++asked
    const keys = await organizations.signingKeys.list()
    // A slow answer to an earlier question is older than what is known.
    if (turn > answered) {
      answered = turn
      known = keys
    }
    return keys
  }
  const refreshQuietly = () => {
    refresh().catch((error: unknown) =>
      log.warn({ error: messageOf(error) }, 'the signing keys could not be read'),
    )
  }

  return {
    async start() {
      listener = await organizations.onChange(({ kind }) => {
        if (kind === 'key' || kind === 'resync') refreshQuietly()
      })
      await refresh()
    },
    async read() {
      const fresh = refresh().catch(() => undefined)
      const keys = (await Promise.race([fresh, patience()])) ?? known
      if (!keys)
        throw problem(
          'database_unreachable',
          'the signing keys are not known yet, and Postgres cannot be reached',
        )
      return toJwks(keys)
    },
    close: async () => listener?.close(),
  }
}

const patience = () =>
  new Promise<undefined>((resolve) => {
    setTimeout(resolve, patienceMs, undefined).unref()
  })
