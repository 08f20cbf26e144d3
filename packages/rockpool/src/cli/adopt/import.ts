import { join, matchesGlob, relative } from 'node:path'
import { problem } from '../../kernel/index.ts'
import type { Config } from '../../kernel/index.ts'
import { callTwice } from './calls.ts'
import { isSafe } from './call.ts'
import type { ShownCall } from './call.ts'
import { knownCall, plainCall } from './call-text.ts'
import type { CallCode } from './call-text.ts'
import { comment, fileWord, quote } from './code.ts'
import { errorNotes, expectedErrors } from './expected-errors.ts'
import type { ExpectedError } from './expected-errors.ts'
import { moduleEnding, writeBeside } from './files.ts'
import { openMatcher } from './match.ts'
import type { KnownOperation } from './match.ts'
import { assertionsOf } from './observe.ts'
import type { Seen } from './observe.ts'
import { findSecrets, wordOf } from './secret-finder.ts'
import type { FoundSecrets } from './secret-finder.ts'

/*
 *   calls ─► secrets found ─► made twice ─► secrets into the store ─► check file
 *                                                  └── only names from here on
 */

export interface ImportOptions {
  config: Config
  /** Origins of the installation's gateway. */
  gateways: readonly string[]
  calls: readonly ShownCall[]
  /** What the check is called, and its file; otherwise after its call. */
  title?: string | undefined
  /** Unsafe calls are made too, each twice. */
  allowWrite: boolean
  /** Keeps a value and gives back the name that it has then; null: there is no installation to keep it. */
  keepSecret: ((name: string, value: string) => Promise<string>) | null
  /** The options that name the installation once more, for a command that is told. */
  again: string
  say: (line: string) => void
  /** Milliseconds between the two calls. */
  pauseMs?: number
}

/** So that a clock that shows seconds shows another one. */
const pauseMs = 1_100

export interface ImportResult {
  file: string
  secrets: string[]
  /** `service.operation` of the calls that a contract knows. */
  operations: string[]
  /** Calls whose error the check expects. */
  errors: ExpectedError[]
}

interface Made {
  call: ShownCall
  known: KnownOperation | undefined
  seen: [Seen, Seen]
}

/** Makes one check of the calls, a step for each. Nothing touches the disk before the secrets are in the store. */
export async function importCalls(options: ImportOptions): Promise<ImportResult> {
  const { config, say } = options
  const calls = options.calls.filter((call) => isMade(call, options))
  if (calls.length === 0)
    throw problem(
      'invalid_input',
      'there is no call left to make: --allow-write makes the others, each twice',
    )
  const match = await openMatcher(config, options.gateways)
  const known = calls.map(match)
  const found = findSecrets(
    calls.map((call, index) => (known[index] ? withoutOurs(call) : call)),
    prefixOf(calls[0]!, known[0]),
  )
  if (found.unkept.length > 0) {
    throw problem(
      'invalid_input',
      `${found.unkept.join(', ')}: nobody should read that, and it cannot be kept as a secret (a text of 4 characters or more): write such a check by hand`,
    )
  }
  if (found.byValue.size > 0 && !options.keepSecret) {
    throw problem(
      'invalid_input',
      `the call has ${found.byValue.size === 1 ? 'a secret' : `${found.byValue.size} secrets`} (${[...found.byValue.values()].join(', ')}), which an installation keeps while it runs: start it with “rockpool up ${options.again}”, and import again with “${options.again}”`,
    )
  }
  const made: Made[] = []
  for (const [index, call] of calls.entries()) {
    const seen = await callTwice(call, options.pauseMs ?? pauseMs)
    made.push({ call, known: known[index], seen })
    say(
      `called     ${call.method} ${call.url.host}, twice: ${[...new Set(seen.map(({ status }) => status))].join(', ')}`,
    )
    if (known[index]?.isProduction && !isSafe(call.method))
      say(`note       ${known[index].service} is production: the gateway refuses a check’s write there`)
  }
  const secrets = await keepAll(found, options)
  const title = options.title ?? titleOf(made[0]!)
  const ending = await moduleEnding(config.folder)
  // A name that no other check has, as long as the files have theirs.
  const textOf = (number: number) => checkText(number === 1 ? title : `${title} (${number})`, made, secrets)
  const text = textOf(1)
  // The last look before the disk.
  if ([...secrets.byValue.keys()].some((value) => value.length >= 8 && text.includes(value)))
    throw problem('internal', 'a secret would stand in the file: nothing was written')
  const word = fileWord(options.title ?? made[0]!.known?.operation ?? title) || 'imported'
  const file = await writeBeside(join(config.folder, 'checks'), word, `.check${ending}`, textOf)
  const place = relative(config.folder, file)
  say(`wrote      ${place}`)
  if (!config.checks.some((pattern) => matchesGlob(place, pattern.replace(/^\.\//, ''))))
    say(`note       “checks” of the configuration does not find it: add ${quote(place)}`)
  const errors = expectedErrors(made)
  for (const error of errors) for (const line of errorNotes(error, place)) say(line)
  const operations = made.flatMap((one) => (one.known ? [`${one.known.service}.${one.known.operation}`] : []))
  return { file, secrets: [...secrets.byValue.values()], operations, errors }
}

function isMade(call: ShownCall, { allowWrite, say }: ImportOptions): boolean {
  if (isSafe(call.method) || allowWrite) return true
  say(`left out   ${call.method} ${call.url.host}: it may change something; --allow-write makes it, twice`)
  return false
}

/** Where the check goes through the gateway, a credential of Rockpool's own is left out: the run has one of its own. */
function withoutOurs(call: ShownCall): ShownCall {
  return {
    ...call,
    headers: call.headers.filter(
      ([name, value]) => !(name === 'authorization' && /\brp_[a-z]+_/.test(value)),
    ),
  }
}

async function keepAll(found: FoundSecrets, { keepSecret, say }: ImportOptions): Promise<FoundSecrets> {
  const byValue = new Map<string, string>()
  for (const [value, wanted] of found.byValue) {
    const name = await keepSecret!(wanted, value)
    byValue.set(value, name)
    say(`kept       ${name} in the installation, encrypted; the file has its name alone`)
  }
  const named = new Map([...found.byValue].map(([value, wanted]) => [wanted, byValue.get(value)!]))
  return {
    ...found,
    byValue,
    pieces: (text) =>
      found
        .pieces(text)
        .map((piece) => (typeof piece === 'string' ? piece : { secret: named.get(piece.secret)! })),
  }
}

function prefixOf({ url }: ShownCall, known: KnownOperation | undefined): string {
  const isAddress = /^[\d.:[\]]+$/.test(url.hostname)
  const label = url.hostname
    .split('.')
    .find((one) => !/^(www|api|app|com|org|net|io|dev|test|example|localhost)$/.test(one))
  return wordOf(known?.service ?? (isAddress ? 'API' : (label ?? 'API')))
}

function titleOf({ call, known }: Made): string {
  return known
    ? `${known.service}: ${known.operation} answers as it did`
    : `${call.method} ${call.url.host} answers as it did`
}

/** The check's file. Pure. */
export function checkText(title: string, made: readonly Made[], secrets: FoundSecrets): string {
  const codes = made.map(({ call, known, seen }, index): { code: CallCode; asserted: string[] } => {
    const number = made.length === 1 ? null : index + 1
    const code = known
      ? knownCall(call, known, secrets, number)
      : plainCall(call, secrets, number, typeof seen[0].body !== 'string' && seen[0].body !== undefined)
    return { code, asserted: assertionsOf(seen[0], seen[1], code.names, secrets.isIn) }
  })
  const fixtures = [
    ...(codes.some(({ code }) => code.usesApi) ? ['api'] : []),
    'step',
    'expect',
    ...(secrets.byValue.size > 0 ? ['secrets'] : []),
    ...(codes.some(({ code }) => !code.usesApi) ? ['signal'] : []),
  ]
  const body = codes
    .map(({ code, asserted }) => [...code.lines, ...asserted].map((line) => `  ${line}`).join('\n'))
    .join('\n\n')
  return `import { check } from 'rockpool'

${comment('From a call that was made twice: what was the same is held to its value, what differed to its type. It is yours to edit.')}
check(${quote(title)}, { every: '5m' }, async ({ ${fixtures.join(', ')} }) => {
${body}
})
`
}
