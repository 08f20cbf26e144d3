import { problem } from '../../kernel/index.ts'

/*
 * What only a person knows: where each API runs, and which hosts are production. The latter is typed out. It has no
 * default, nothing is concluded from a name, and without an answer there is no configuration.
 */

/** One question and its answer; null: nobody is there to ask. */
export type Ask = (question: string) => Promise<string | null>

export interface Given {
  /** `--url`: one URL, or several as `<name>=<url>`. */
  url?: string[] | undefined
  /** `--start <script>`: it is started here, by this npm script. */
  start?: string | undefined
  /** `--production <host…>`, or false for `--no-production`. */
  production?: string[] | false | undefined
}

export type Place = { url: string } | { start: string[] }

const tries = 3

/** Where a service runs: given, or the one server of its document, or asked for. */
export async function placeOf(
  service: { name: string; title: string; servers: readonly string[]; only: boolean },
  scripts: readonly string[],
  given: Given,
  ask: Ask | null,
): Promise<Place> {
  const { name, title, servers, only } = service
  const stated = (given.url ?? []).flatMap((text) => {
    const [, of, url] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(text) ?? []
    return of === undefined ? (only ? [text] : []) : of === name ? [url!] : []
  })[0]
  if (stated !== undefined) return { url: requireUrl(stated) }
  if (given.start !== undefined) return startOf(given.start, scripts)
  const [first] = servers
  if (servers.length === 1 && first !== undefined) return { url: first }
  const known = [...servers, ...scripts.map((script) => `npm run ${script}`)]
  const what = known.length > 0 ? `one of ${known.join(', ')}, or another URL` : 'a URL'
  let refused = ''
  for (let count = 0; ask && count < tries; count++) {
    const answer = await ask(`${refused}Where does “${title}” run? Type ${what}:`)
    if (answer === null) break
    const script = /^npm run (.+)$/.exec(answer)?.[1]
    if (script !== undefined && scripts.includes(script)) return startOf(script, scripts)
    if (isUrl(answer)) return { url: answer.replace(/\/+$/, '') }
    refused = `“${answer}” is no URL. `
  }
  throw problem(
    'invalid_input',
    `where “${title}” runs is not known: pass --url ${only ? '' : `${name}=`}${first ?? 'https://api.example.test'}${scripts.length > 0 ? `, or --start ${scripts.includes('start') ? 'start' : scripts[0]} to have it started here` : ''}`,
  )
}

/** Which of the hosts are production. @throws Problem `invalid_input` without an answer, saying what to pass */
export async function productionOf(
  hosts: readonly string[],
  given: Given,
  ask: Ask | null,
): Promise<Set<string>> {
  if (hosts.length === 0) return new Set()
  if (given.production === false) return new Set()
  const stranger = (typed: readonly string[]) => typed.find((host) => !hosts.includes(host))
  if (given.production !== undefined) {
    const unknown = stranger(given.production)
    if (unknown === undefined) return new Set(given.production)
    throw problem('invalid_input', `no service runs at “${unknown}”: the hosts are ${hosts.join(', ')}`)
  }
  let refused = ''
  for (let count = 0; ask && count < tries; count++) {
    const answer = await ask(
      `${refused}Which of these hosts are production: ${hosts.join(', ')}? Type them out, or “none”:`,
    )
    if (answer === null) break
    const typed = answer.split(/[\s,]+/).filter(Boolean)
    if (typed.length === 1 && typed[0] === 'none') return new Set()
    const unknown = stranger(typed)
    if (typed.length > 0 && unknown === undefined) return new Set(typed)
    refused = unknown === undefined ? '' : `“${unknown}” is none of them. `
  }
  throw problem(
    'invalid_input',
    `whether ${hosts.join(', ')} ${hosts.length === 1 ? 'is' : 'are'} production is never assumed: pass --production ${hosts[0]}, or --no-production`,
  )
}

export const hostOf = (url: string) => new URL(url).host

function requireUrl(text: string): string {
  if (isUrl(text)) return text.replace(/\/+$/, '')
  throw problem('invalid_input', `“${text}” is no URL such as https://api.example.test`)
}

function isUrl(text: string): boolean {
  const url = URL.parse(text)
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.search + url.hash + url.username + url.password === ''
  )
}

function startOf(script: string, scripts: readonly string[]): Place {
  if (scripts.includes(script)) return { start: ['npm', 'run', script] }
  throw problem(
    'invalid_input',
    `package.json has no script “${script}”: it has ${scripts.join(', ') || 'none'}`,
  )
}
