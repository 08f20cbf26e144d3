import { access } from 'node:fs/promises'
import type { Bundle, Difference, MetBy, Weights } from '../contracts/index.ts'
import { problem } from '../kernel/index.ts'
import { reachControl } from './command.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'

/** A version of a service's contract, as it is named on the command line. */
export interface Stored {
  service: string
  version: string
}

/** What `orders@1.2.0` names; undefined: a file, which is there, or has no such name. */
export async function storedIn(named: string): Promise<Stored | undefined> {
  const isFile = await access(named).then(
    () => true,
    () => false,
  )
  return isFile || !/^[a-z][a-z0-9-]{0,40}@/.test(named) ? undefined : storedNamed(named)
}

/** `orders@1.2.0`, or `orders` alone, which is the latest. Pure. @throws Problem `invalid_input` */
export function storedNamed(named: string): Stored {
  const [, service, version = 'latest'] = /^([a-z][a-z0-9-]{0,40})(?:@(.+))?$/s.exec(named) ?? []
  if (service !== undefined) return { service, version }
  throw problem(
    'invalid_input',
    `“${shown(named)}” names no version: write <service>@<version>, such as orders@1.2.0 or orders@production`,
  )
}

/** The files of a version, as they were pushed. */
export async function readStored(params: Stored, options: InstallationOptions): Promise<Bundle> {
  const { client } = await reachControl(options)
  const { checkBundle } = await import('../contracts/index.ts')
  const { bytes } = await client.callBytes(
    'GET /contracts/{service}/versions/{version}/bundle',
    { params },
    { timeoutMs: 120_000 },
  )
  const bundle = JSON.parse(Buffer.from(bytes).toString()) as Bundle
  const findings = checkBundle(bundle)
  if (findings.length > 0) throw problem('internal', 'what control answers is no bundle', { findings })
  return bundle
}

/** Letters and differences in one question: each may name hundreds of operations. */
const mostAsked = 300_000
const mostWeighed = 200

/** Whom differences of a service meet, as the gateways of the installation saw it. */
export async function weightsOf(
  service: string,
  differences: readonly Difference[],
  options: InstallationOptions,
): Promise<Weights> {
  const weights = new Map<string, MetBy>()
  if (differences.length === 0) return weights
  const { client } = await reachControl(options)
  const asking = differences.map(({ fingerprint, rule, place, details, uses }) => {
    const operations = new Map(
      uses.map(({ operation }) => [`${operation.method} ${operation.path}`, operation]),
    )
    return {
      fingerprint,
      rule,
      place,
      details,
      uses: [...operations.values()].map((each) => ({ operation: each })),
    }
  })
  while (asking.length > 0) {
    const asked = [asking.shift()!]
    let letters = JSON.stringify(asked).length
    while (asking.length > 0 && asked.length < mostWeighed) {
      letters += JSON.stringify(asking[0]).length
      if (letters > mostAsked) break
      asked.push(asking.shift()!)
    }
    const { items } = await client.call('POST /contracts/{service}/weights', {
      params: { service },
      body: { differences: asked },
    })
    // A schema says of a text of one form that it is a text.
    for (const { fingerprint, traffic } of items) weights.set(fingerprint, traffic as MetBy)
  }
  return weights
}
