import { problem } from './errors.ts'
import { fromJwks, readIdentity, type IdentityClaims, type PublicKey, type Trust } from './wire.ts'
import type { Keys, Log } from './types.ts'

const refreshEveryMs = 10_000
const pauseMs = 1_000
const timeoutMs = 2_000

export interface KeysOptions {
  url: string
  log: Log
  fetch?: typeof globalThis.fetch
}

/**
 * The public keys of gateways and relays, from control's JWKS.
 *
 *   known kid    → answered from memory, whatever state control is in
 *   unknown kid  → one look at the source for all who wait, at most once a second
 *   no answer    → the last good set stays
 *
 * It reads ahead every 10 s, so that a new gateway's key is here before the first identity signed with it.
 */
export function createKeys({ url, log, fetch = globalThis.fetch }: KeysOptions): Keys {
  let keys = new Map<string, PublicKey>()
  let startedAt = -Infinity
  let reading: Promise<void> | undefined
  let failing = false

  const read = async (): Promise<void> => {
    startedAt = performance.now()
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
      const found = response.ok ? fromJwks(await response.json()) : undefined
      if (!found) throw new Error(`${url} answered ${response.status} without a key set`)
      keys = new Map(found.map((key) => [key.kid, key]))
      failing = false
    } catch (error) {
      if (!failing)
        log.warn({ err: String(error), url }, 'public keys cannot be read; the last good ones stay')
      failing = true
    }
  }
  const refresh = (): Promise<void> => {
    reading ??= pause(startedAt + pauseMs - performance.now())
      .then(read)
      .finally(() => (reading = undefined))
    return reading
  }
  void refresh()
  const timer = setInterval(() => void refresh(), refreshEveryMs)
  timer.unref()

  return {
    async find(kid) {
      if (!keys.has(kid)) await refresh()
      return keys.get(kid)
    },
    close: () => clearInterval(timer),
  }
}

function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve()
}

export interface VerifierOptions {
  service: string
  keys: Keys
  now: () => number
}

export interface Verifier {
  /** @throws Problem `identity_…` */
  verify(token: string, options: { trust: readonly Trust[]; storedForS?: number }): Promise<IdentityClaims>
}

/** Verifies signed identities meant for one service. */
export function createVerifier({ service, keys, now }: VerifierOptions): Verifier {
  return {
    async verify(token, options) {
      const kid = kidOf(token, service)
      const found = kid === undefined ? undefined : await keys.find(kid)
      const reading = readIdentity(token, {
        ...options,
        audience: service,
        now: now(),
        key: (wanted) => (wanted === kid ? found : undefined),
      })
      if (reading.ok) return reading.claims
      throw problem(reading.code, reading.detail)
    },
  }
}

// `readIdentity` is pure, so its key has to be there before: a dry reading says which one it asks for, and asks for
// none when the token is malformed, so that garbage never causes a look at the source.
function kidOf(token: string, audience: string): string | undefined {
  let kid: string | undefined
  readIdentity(token, {
    audience,
    trust: [],
    now: 0,
    key: (wanted) => {
      kid = wanted
      return undefined
    },
  })
  return kid
}
