// One gateway of ours as a process: the whole of it, as the role starts it, with the engine that is asked for.
// Its standard output is the access log. Argument: { name, engine, controlUrl, folder, tls, fromSources }.
import { writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** @typedef {typeof import('../../packages/rockpool/src/gateway/light.ts')} Gateway */
/** @typedef {typeof import('../../packages/rockpool/src/kernel/index.ts')} Kernel */

const { name, engine, controlUrl, folder, tls, fromSources } = JSON.parse(process.argv[2] ?? '{}')
const ours = (/** @type {string} */ file) =>
  `../../packages/rockpool/${fromSources ? `src/${file}.ts` : `dist/${file}.js`}`
// By the same doors as the role.
const { startGateway } = /** @type {Gateway} */ (await import(ours('gateway/light')))
const { createLog, systemClock } = /** @type {Kernel} */ (await import(ours('kernel/index')))

const gateway = await startGateway({
  name: `bench-${name}`,
  host: '127.0.0.1',
  port: 0,
  controlUrl,
  roleToken: 'the benchmark',
  folder,
  accessLog: process.stdout,
  clock: systemClock,
  log: createLog({ role: 'gateway' }),
  engine,
  ...(tls && { tls }),
})
while (gateway.notReady() !== undefined) await pause(10)

/** @type {import('node:inspector/promises').Session | undefined} */
let session
/** Begins to sample, or ends and writes the profile. @param {string | true} to */
async function profile(to) {
  if (to === true) {
    // Loaded only then: its memory is none of the gateway's.
    const { Session } = await import('node:inspector/promises')
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 200 })
    await session.post('Profiler.start')
  } else {
    const { profile: found } = (await session?.post('Profiler.stop')) ?? {}
    writeFileSync(to, JSON.stringify(found))
  }
  process.send?.('done')
}

process.on('message', (message) => void profile(/** @type {{ profile: string | true }} */ (message).profile))
process.once('SIGTERM', () => void gateway.stop().then(() => process.exit()))
process.once('disconnect', () => process.exit())
process.send?.({ port: gateway.port })
