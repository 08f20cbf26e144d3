import { createKeeper, parseDuration } from '../../kernel/index.ts'
import type { Clock, Database, IssuerConfig, Keeper, Listener, Log } from '../../kernel/index.ts'
import { fetchJwks } from './fetch-jwks.ts'
import { claimIssuer, keepError, keepKeys, placeIssuer, selectIssuers, wantKeys } from './store.ts'
import type { IssuerRow } from './store.ts'
import type { SnapshotIssuer } from './types.ts'

/*
 *   every second: whose keys are due? ──► claim ──► read the key set ──► good: keep it   ──► NOTIFY ──► publisher
 *                                                                  └──► bad: the last good one stays, with the error
 */

/** The key sets of the issuers that are configured, as control keeps them. */
export interface IssuerKeys {
  /** The issuers with their keys: what gateways get. */
  list(): Promise<SnapshotIssuer[]>
  /** Calls the listener when keys changed, or may have. */
  onChange(listener: () => void): Promise<Listener>
  /** A key of theirs is not known: they are read as soon as 30 s have passed since the last time. */
  want(issuers: readonly string[]): Promise<void>
  /** Reads what is due; several controls at once read each once. */
  refresh(): Promise<void>
}

export interface IssuerKeysOptions {
  issuers: readonly IssuerConfig[]
  database: Database
  clock: Clock
  log: Log
}

const refreshMs = 5 * 60_000
/** Between two looks at one issuer, whatever gateways ask for and however it fails. */
const pauseMs = 30_000
/** The same while none of its keys is known: nobody can sign in meanwhile. */
const firstPauseMs = 5_000

export function createIssuerKeys({ issuers, database, clock, log }: IssuerKeysOptions): IssuerKeys {
  const names = issuers.map(({ issuer }) => issuer)
  const rowsByName = async () =>
    new Map((await selectIssuers(database, names)).map((row) => [row.issuer, row]))
  const placed = (row: IssuerRow | undefined, { jwks }: IssuerConfig) => (row?.url === jwks ? row : undefined)

  async function read(config: IssuerConfig, row: IssuerRow): Promise<void> {
    if (!(await claimIssuer(database, row, new Date(clock.now())))) return
    const reading = await fetchJwks(config.jwks)
    const { name } = config
    if (!reading.ok) {
      if (reading.detail !== row.error)
        log.warn(
          { issuer: name, error: reading.detail, since: row.read_at },
          'the keys of an issuer could not be read: the last good ones count on',
        )
      return keepError(database, row, reading.detail)
    }
    await keepKeys(database, row, reading.keys, new Date(clock.now()))
    if (row.error !== null || row.read_at === null)
      log.info(
        { issuer: name, keys: reading.keys.length, notes: reading.notes },
        'the keys of an issuer were read',
      )
    else if (JSON.stringify(row.keys.map(kidOf)) !== JSON.stringify(reading.keys.map(kidOf)))
      log.info({ issuer: name, keys: reading.keys.length, notes: reading.notes }, 'an issuer has other keys')
  }

  return {
    async list() {
      if (issuers.length === 0) return []
      const rows = await rowsByName()
      return issuers.map((config) => toEntry(config, placed(rows.get(config.issuer), config)))
    },

    onChange(listener) {
      if (issuers.length === 0) return Promise.resolve({ close: () => Promise.resolve() })
      return database.listen('rockpool_issuers', listener, listener)
    },

    async want(wanted) {
      const known = names.filter((name) => wanted.includes(name))
      if (known.length > 0) await wantKeys(database, known, new Date(clock.now()))
    },

    async refresh() {
      if (issuers.length === 0) return
      const before = await rowsByName()
      const missing = issuers.filter((config) => !placed(before.get(config.issuer), config))
      for (const { issuer, jwks } of missing) await placeIssuer(database, issuer, jwks)
      const rows = missing.length > 0 ? await rowsByName() : before
      const readings = issuers.map(async (config) => {
        const row = placed(rows.get(config.issuer), config)
        if (row && clock.now() >= dueAt(row)) await read(config, row)
      })
      // One that is slow or cannot be kept must not hold up the others.
      await Promise.allSettled(readings)
      await Promise.all(readings)
    },
  }
}

/** Reads the keys again and again, while control runs. */
export function createIssuerKeeper(options: {
  issuerKeys: Pick<IssuerKeys, 'refresh'>
  clock: Clock
  log: Log
}): Keeper {
  return createKeeper({
    work: () => options.issuerKeys.refresh(),
    failed: 'the keys of issuers could not be kept',
    intervalMs: 1_000,
    clock: options.clock,
    log: options.log,
  })
}

/** When an issuer's keys are to be read again, in milliseconds. Pure. */
function dueAt({ keys, read_at: read, tried_at: tried, wanted_at: wanted }: IssuerRow): number {
  if (tried === null) return 0
  if (keys.length === 0 || read === null) return tried.getTime() + firstPauseMs
  // It failed, or whoever read it died.
  const failed = read < tried
  return tried.getTime() + (failed || wanted !== null ? pauseMs : refreshMs)
}

function toEntry(config: IssuerConfig, row: IssuerRow | undefined): SnapshotIssuer {
  return {
    issuer: config.issuer,
    name: config.name,
    audience: config.audience,
    organization: config.organization,
    environment: config.environment,
    subject: config.subject,
    prefix: config.prefix,
    algorithms: config.algorithms,
    clockSkewS: parseDuration(config.clockSkew) / 1000,
    forwardToken: config.forwardToken,
    keys: row?.keys ?? [],
  }
}

const kidOf = ({ kid, kty }: { kid: string | null; kty: string }) => `${kty} ${kid}`
