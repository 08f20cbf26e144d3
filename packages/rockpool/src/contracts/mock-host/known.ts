import { readIdentity } from '@rockpool/sdk/wire'
import type { Identity, IdentityReading, PublicKey } from '@rockpool/sdk/wire'
import { messageOf, problem } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { HostedMock, MockSource } from './types.ts'

/** What control said last: what is asked for, and whose signatures count. With control away, that stays. */
export interface KnownMocks {
  start(): void
  stop(): Promise<void>
  /** Undefined: nobody asks for it, or not any more. One that is not known is asked for. */
  find(id: string): Promise<HostedMock | undefined>
  /**
   * Who acts, by an identity that was signed for this mock's service and its sandbox.
   *
   * @throws Problem `identity_missing`, `identity_refused`; `environment_mismatch` for whoever acts in production
   */
  verify(token: string | undefined, mock: HostedMock): Promise<Identity>
}

const intervalMs = 1_000
/** From the begin of one read to the next: whoever comes with what is not known waits for it, and asks no oftener. */
const leastMs = 100

export function createKnownMocks(options: {
  source: MockSource
  /** Called with the ids of all that is asked for, whenever that was read. */
  onRead: (ids: ReadonlySet<string>) => void
  clock: Clock
  log: Log
}): KnownMocks {
  const { source, onRead, clock, log } = options
  const stopped = new AbortController()
  let mocks: ReadonlyMap<string, HostedMock> = new Map()
  let keys: ReadonlyMap<string, PublicKey> = new Map()
  let began = -Infinity
  let reading: Promise<void> | undefined
  let isFailing = false
  let working: Promise<void> | undefined

  const read = async (): Promise<void> => {
    const early = began + leastMs - performance.now()
    if (early > 0) await clock.sleep(early, stopped.signal).catch(() => {})
    began = performance.now()
    try {
      const [list, signers] = await Promise.all([source.list(), source.keys()])
      mocks = new Map(list.map((mock) => [mock.id, mock]))
      keys = new Map(signers.map((key) => [key.kid, key]))
      onRead(new Set(mocks.keys()))
      isFailing = false
    } catch (error) {
      if (!isFailing && !stopped.signal.aborted)
        log.warn({ error: messageOf(error) }, 'what is asked for cannot be read; what was read last stays')
      isFailing = true
    }
  }
  /** Whoever comes while one is under way may have been too late for it: theirs is the next. */
  let next: Promise<void> | undefined
  const refresh = (): Promise<void> => {
    if (reading === undefined) return (reading = read().finally(() => (reading = undefined)))
    return (next ??= reading.then(() => {
      next = undefined
      return refresh()
    }))
  }

  const judge = (token: string, service: string): IdentityReading =>
    readIdentity(token, {
      audience: service,
      trust: ['gateway'],
      key: (kid) => keys.get(kid),
      now: clock.now(),
    })

  return {
    start() {
      working ??= (async () => {
        while (!stopped.signal.aborted) {
          await refresh()
          await clock.sleep(intervalMs, stopped.signal).catch(() => {})
        }
      })()
    },
    async stop() {
      stopped.abort()
      await working
    },
    async find(id) {
      if (!mocks.has(id)) await refresh()
      return mocks.get(id)
    },
    async verify(token, { organization, service }) {
      if (token === undefined)
        throw problem('identity_missing', 'a mock answers calls that come through the gateway alone')
      let judged = judge(token, service)
      if (!judged.ok && judged.code === 'identity_unknown_key') {
        await refresh()
        judged = judge(token, service)
      }
      if (!judged.ok) throw problem('identity_refused', judged.detail)
      const { claims } = judged
      // The gateway sends no other one here: this is for the day on which it does.
      if (claims.environment !== 'sandbox')
        throw problem('environment_mismatch', `a mock never answers in ${claims.environment}`)
      if (claims.organization !== organization)
        throw problem(
          'identity_refused',
          `this mock answers in another sandbox than “${claims.organization}”`,
        )
      return claims
    },
  }
}
