import { access } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { createRouter } from '../../gateway/index.ts'
import { isRemote, loadConfig, problem } from '../../kernel/index.ts'
import type { Config } from '../../kernel/index.ts'
import { configNames } from '../installation.ts'
import { hostOf, placeOf, productionOf } from './answers.ts'
import type { Ask, Given, Place } from './answers.ts'
import { fileWord } from './code.ts'
import { configName, configText, serviceText } from './config-text.ts'
import type { ProposedService } from './config-text.ts'
import { readPromises } from './document.ts'
import { findDocuments, readOne } from './documents.ts'
import type { Found, FoundDocument } from './documents.ts'
import { moduleEnding, writeNew } from './files.ts'
import { firstCheckText, pickOperation } from './first-check.ts'

/*
 *   folder ─walk─► documents ─► where they run, which hosts are production (asked) ─► rockpool.config.ts, unless there is one
 *                                                                                 └─► checks/<service>.check.ts, unless there is one
 */

export interface InitOptions extends Given {
  folder: string
  /** `--contract`: these documents instead of what the walk finds. */
  contract?: string[] | undefined
  /** Null: nobody is there to ask. */
  ask: Ask | null
  /** Is told what happens, a line at a time. */
  say: (line: string) => void
}

export interface InitResult {
  config: string
  check: string | null
  written: string[]
  kept: string[]
}

/** Writes a configuration and one check that runs unedited, beside what exists and never over it. */
export async function initialize(options: InitOptions): Promise<InitResult> {
  const { folder, say } = options
  const found = await findAll(options)
  tellFound(found, folder, say)
  const ending = await moduleEnding(folder)
  const existing = await existingConfig(folder)
  const result: InitResult = {
    config: existing ?? join(folder, `rockpool.config${ending}`),
    check: null,
    written: [],
    kept: [],
  }

  if (existing) {
    const config = await loadConfig(existing)
    say(`kept       ${relative(folder, existing)}: it is yours`)
    result.kept.push(existing)
    for (const line of wouldHaveWritten(config, found.documents, folder)) say(line)
  } else {
    const text = configText(await propose(options, found, ending))
    await writeNew(result.config, text)
    result.written.push(result.config)
    say(`wrote      ${relative(folder, result.config)}`)
  }
  const config = await loadConfig(result.config)
  await writeFirstCheck(config, ending, result, say)
  return result
}

async function findAll({ folder, contract }: InitOptions): Promise<Found> {
  const found = await findDocuments(folder)
  if (!contract) return found
  const documents: FoundDocument[] = []
  const unusable: Found['unusable'] = []
  for (const file of contract.map((name) => join(folder, relative(folder, name)))) {
    const known = found.documents.find((document) => document.file === file)
    const read = known ?? (await readOne(file))
    if ('reason' in read) unusable.push(read)
    else documents.push(read)
  }
  return { ...found, documents, unusable, bounded: null }
}

function tellFound(
  { documents, unusable, scripts, bounded }: Found,
  folder: string,
  say: InitOptions['say'],
): void {
  for (const { file, contract, operations, servers } of documents) {
    const count = operations.length
    const where = servers.length > 0 ? `, servers: ${servers.join(', ')}` : ', no server in it'
    say(
      `found      ${relative(folder, file)}: ${contract.title}, ${count} operation${count === 1 ? '' : 's'}${where}`,
    )
  }
  for (const { file, reason } of unusable) say(`left out   ${relative(folder, file)}: ${reason}`)
  if (scripts.length > 0) say(`found      package.json: scripts ${scripts.join(', ')}`)
  if (bounded) say(`looked at  ${bounded}; --contract <file> names a document elsewhere`)
}

async function existingConfig(folder: string): Promise<string | undefined> {
  for (const file of configNames.map((name) => join(folder, name))) {
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file
  }
  return undefined
}

async function propose(options: InitOptions, found: Found, ending: string) {
  const { folder, ask, say } = options
  if (found.documents.length === 0)
    throw problem(
      'invalid_input',
      `there is no OpenAPI document in ${folder}: name one with --contract <file>`,
    )
  const documents = routable(found.documents, folder, say)
  const names = namesOf(documents.map(({ contract }) => contract.title))
  const places: Place[] = []
  for (const [index, { contract, servers }] of documents.entries()) {
    const service = { name: names[index]!, title: contract.title, servers, only: documents.length === 1 }
    places.push(await placeOf(service, found.scripts, options, ask))
  }
  const hosts = [...new Set(places.flatMap((place) => ('url' in place ? [hostOf(place.url)] : [])))]
  const production = await productionOf(hosts, options, ask)
  const services = documents.map(({ file }, index): ProposedService => {
    const place = places[index]!
    const base = { name: names[index]!, contract: `./${relative(folder, file)}` }
    return 'url' in place
      ? { ...base, url: place.url, production: production.has(hostOf(place.url)) }
      : { ...base, ...place }
  })
  const title = basename(folder)
  const name = configName(title, 'my-api')
  return {
    name,
    organization: { slug: name, name: title || name },
    services,
    checks: `checks/**/*.check${ending}`,
  }
}

/** Two documents that claim one route cannot both stand behind one gateway: the first counts. */
function routable(
  documents: readonly FoundDocument[],
  folder: string,
  say: InitOptions['say'],
): FoundDocument[] {
  const kept: FoundDocument[] = []
  for (const document of documents) {
    const routes = [...kept, document].map(({ file, operations }) => ({
      name: file,
      routes: operations.map(({ route }) => route),
    }))
    const [finding] = createRouter(routes).findings
    if (!finding) kept.push(document)
    else say(`left out   ${relative(folder, document.file)}: it has routes of a document before it`)
  }
  return kept
}

function namesOf(titles: readonly string[]): string[] {
  const names: string[] = []
  for (const title of titles) {
    const word = configName(title.replace(/\b(openapi|rest|api|swagger|spec|the)\b/gi, ' '), 'api')
    const taken = names.filter((name) => name === word || name.startsWith(`${word}-`)).length
    names.push(taken === 0 ? word : `${word}-${taken + 1}`)
  }
  return names
}

/** Services that the documents have and the configuration has not. */
function* wouldHaveWritten(
  config: Config,
  documents: readonly FoundDocument[],
  folder: string,
): Iterable<string> {
  const known = new Set(Object.values(config.services).map(({ contract }) => contract))
  const missing = documents.filter(({ file }) => !known.has(file))
  const names = namesOf(missing.map(({ contract }) => contract.title))
  for (const [index, { file, servers }] of missing.entries()) {
    const contract = `./${relative(folder, file)}`
    const url = servers[0] ?? 'https://api.example.test'
    yield `not written: a service for ${relative(folder, file)}. In “services” it would be, with production as you know it:`
    yield* serviceText({ name: names[index]!, contract, url, production: true })
      .split('\n')
      .filter((line) => !line.includes('//'))
  }
}

async function writeFirstCheck(
  config: Config,
  ending: string,
  result: InitResult,
  say: InitOptions['say'],
): Promise<void> {
  const { folder } = config
  for (const [service, configured] of Object.entries(config.services)) {
    const promised = pickOperation((await readPromises(configured.contract)) ?? [])
    if (!promised) {
      say(
        `no check   ${service}: no GET of its contract can be called without parameters; “rockpool check import” makes one of a curl call`,
      )
      continue
    }
    const file = join(folder, 'checks', `${fileWord(service)}.check${ending}`)
    const place = relative(folder, file)
    const text = firstCheckText(service, promised, relative(folder, configured.contract))
    if (await writeNew(file, text)) {
      result.written.push(file)
      say(
        `wrote      ${place}: ${promised.method} ${promised.path}${isRemote(configured) && configured.production ? ', which only reads' : ''}`,
      )
    } else {
      result.kept.push(file)
      say(
        `kept       ${place}: it is yours; a check of ${promised.method} ${promised.path} would have been written`,
      )
    }
    result.check ??= file
  }
}
