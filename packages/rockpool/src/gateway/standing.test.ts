import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  basic,
  bearer,
  base,
  cookie,
  live,
  now,
  parentKey,
  run,
  sandboxKey,
} from '../../test/support/decision.ts'
import { asService, bot, ended, orders, person, productionRun, token } from '../../test/support/decision.ts'
import { until } from '../../test/support/gateway.ts'
import { decide } from './decision.ts'
import { defaultCutOff } from './ground.ts'
import { HeaderMemo } from './header-memo.ts'
import { applyChange, openSnapshot } from './snapshot.ts'
import type { Directory } from './snapshot.ts'
import type { SnapshotChange, SnapshotCredential } from './types.ts'

// A client repeats its headers while the world changes: what is remembered of them must never be seen in a decision.

const keys = [live, sandboxKey, parentKey, run, ended, bot, productionRun, orders]
const sections: string[][] = [
  ...keys.map(bearer),
  basic(`${live.text}:`),
  ['Rockpool-Credential', run.text],
  cookie(person),
  [...bearer(sandboxKey), ...cookie(person)],
  asService(token()),
  ['Authorization', 'Bearer someone-elses'],
  [],
]
const target = fc.constantFrom('/box/items', '/harbor/items', '/bin/offers', '/rates', '/none')
/** Null: the one that is shown. */
const which = fc.constantFrom(null, null, null, ...keys)
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ ask: target, method: fc.constantFrom('GET', 'GET', 'POST') }) },
  { weight: 3, arbitrary: fc.record({ laterMs: fc.constantFrom(1, 6_000, 11_000, 25 * 60 * 60 * 1000) }) },
  { weight: 3, arbitrary: fc.record({ make: which, endsAfterMs: fc.constantFrom(null, -1, 0, 5_000) }) },
  fc.record({ revoke: which }),
  fc.record({
    organization: fc.constantFrom(...base.organizations),
    status: fc.constantFrom('active', 'deleted'),
  }),
  fc.record({ vouch: fc.constant(true) }),
  fc.record({ anewWithout: which }),
)

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const ask = { ask: '/harbor/items', method: 'GET' } as const
const surely: [string[], Step[]][] = [
  [{ make: null, endsAfterMs: 5_000 }, ask, ask, { laterMs: 6_000 }, ask],
  [ask, ask, { revoke: null }, ask],
  [ask, ask, { anewWithout: null }, ask],
  [ask, ask, { organization: base.organizations[0]!, status: 'deleted' }, ask],
  [ask, ask, { ...ask, ask: '/box/items' }, ask],
  [ask, ask, { laterMs: 25 * 60 * 60 * 1000 }, ask],
].map((steps) => [bearer(live), steps] as [string[], Step[]])

test('a decision about headers that came again is the one about headers that never came before', () => {
  let forwarded = 0
  fc.assert(
    fc.property(
      fc.constantFrom(...sections),
      fc.array(step, { minLength: 3, maxLength: 30 }),
      (headers, steps) => {
        let directory = opened(base.version)
        let at = now
        let asOf = now
        const memo = new HeaderMemo(headers)
        const shown = keys.find(({ text }) => headers.some((value) => value.endsWith(text))) ?? live
        const change = (parts: Pick<Partial<SnapshotChange>, 'set' | 'removed'>) => {
          const version = directory.version + 1
          expect(applyChange(directory, { set: {}, removed: {}, ...parts, version })).toMatchObject({
            ok: true,
          })
        }
        for (const one of steps) {
          if ('laterMs' in one) at += one.laterMs
          else if ('vouch' in one) asOf = at
          else if ('revoke' in one) change({ removed: { credentials: [(one.revoke ?? shown).sha256] } })
          else if ('make' in one) {
            const endsAt = one.endsAfterMs === null ? null : new Date(at + one.endsAfterMs).toISOString()
            change({ set: { credentials: [{ ...(one.make ?? shown), endsAt }] } })
          } else if ('organization' in one) {
            change({ set: { organizations: [{ ...one.organization, status: one.status }] } })
          } else if ('anewWithout' in one) directory = opened(directory.version, one.anewWithout ?? shown)
          else {
            const ground = { directory, asOf, cutOff: defaultCutOff, secure: false }
            const head = { method: one.method, target: one.ask, headers }
            const known = decide(ground, { ...head, memo }, at)
            expect(known).toEqual(decide(ground, head, at))
            if (known.kind === 'forward' && memo.standing !== undefined) forwarded += 1
          }
        }
      },
    ),
    { numRuns: 2_000, examples: surely },
  )
  expect(forwarded).toBeGreaterThan(500)
})

test('a directory that has been replaced is kept by nobody who repeats headers', async () => {
  const memo = new HeaderMemo(bearer(live))
  const used = (): WeakRef<Directory> => {
    const directory = opened(base.version)
    const ground = { directory, asOf: now, cutOff: defaultCutOff, secure: false }
    decide(ground, { method: 'GET', target: ask.ask, headers: memo.headers, memo }, now)
    return new WeakRef(directory)
  }
  const before = used()
  expect(memo.standing).toBeDefined()
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  await until('it is collected', () => {
    collect()
    return before.deref() === undefined
  })
})

function opened(version: number, gone?: SnapshotCredential): Directory {
  const credentials = base.credentials.filter(({ id }) => id !== gone?.id)
  const applied = openSnapshot({ ...base, version, credentials })
  if (!applied.ok) throw new Error(JSON.stringify(applied.findings))
  return applied.directory
}
