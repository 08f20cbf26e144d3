import { realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { problem } from '../../kernel/index.ts'
import type { Config } from '../../kernel/index.ts'
import { fileWord } from './code.ts'
import type { Called } from './coverage.ts'
import { readPromises } from './document.ts'
import type { Promised } from './document.ts'
import { moduleEnding, writeNew } from './files.ts'
import { firstCheckText } from './first-check.ts'

export interface Coverage {
  /** Null: no service of the configuration has this contract. */
  service: string | null
  operations: (Promised & { verified: boolean })[]
  verified: number
}

/** Which operations of a document the checks verify. `called`: those that they call, of a service. */
export async function coverageOf(
  config: Config,
  file: string,
  called: (service: string) => Promise<Called>,
): Promise<Coverage> {
  const promises = await readPromises(file)
  if (!promises)
    throw problem(
      'invalid_input',
      `${file} is no contract that can be used: rockpool contract lint ${file} says why`,
    )
  const service = await serviceOf(config, file)
  const names: Called = service === null ? new Set() : await called(service)
  const operations = promises.map((promised) => ({ ...promised, verified: names.has(promised.operationId) }))
  return { service, operations, verified: operations.filter(({ verified }) => verified).length }
}

async function serviceOf(config: Config, file: string): Promise<string | null> {
  const real = (path: string) => realpath(path).catch(() => path)
  const wanted = await real(file)
  for (const [name, { contract }] of Object.entries(config.services))
    if ((await real(contract)) === wanted) return name
  return null
}

const mostChecks = 200

/** Writes a check for each operation that none verifies yet and that can be called as it stands; never over a file. */
export async function writeChecks(
  config: Config,
  { service, operations }: Coverage,
  file: string,
  say: (line: string) => void,
): Promise<string[]> {
  if (service === null)
    throw problem(
      'invalid_input',
      `no service of ${config.file} has the contract ${file}: a check calls services by their name`,
    )
  const ending = await moduleEnding(config.folder)
  const written: string[] = []
  const open = operations.filter(
    ({ verified, method, needs }) => !verified && method === 'GET' && needs.length === 0,
  )
  for (const operation of open.slice(0, mostChecks)) {
    const path = join(
      config.folder,
      'checks',
      fileWord(service),
      `${fileWord(operation.operationId)}.check${ending}`,
    )
    const text = firstCheckText(service, operation, relative(config.folder, file), 'rockpool check import')
    if (await writeNew(path, text)) {
      written.push(path)
      say(`wrote      ${relative(config.folder, path)}`)
    } else say(`kept       ${relative(config.folder, path)}: it is yours`)
  }
  return written
}
