import type { ShownCall } from './call.ts'
import { withoutNoise } from './call.ts'
import { splitShell } from './shell.ts'

/* A curl command line as a call (curl(1)). Strict: an option that is not known is named, and nothing is guessed. */

export type CurlReading =
  | { ok: true; call: ShownCall; /** What was left out, for people. */ notes: string[] }
  | { ok: false; findings: string[] }

interface State {
  method: string | null
  headers: [string, string][]
  data: string[]
  query: string[]
  urls: string[]
  json: boolean
  get: boolean
  head: boolean
  noGlob: boolean
  notes: string[]
  findings: string[]
}

const short: Record<string, string> = {
  X: 'request',
  H: 'header',
  d: 'data',
  u: 'user',
  b: 'cookie',
  A: 'user-agent',
  e: 'referer',
  G: 'get',
  I: 'head',
  k: 'insecure',
  s: 'silent',
  S: 'show-error',
  L: 'location',
  v: 'verbose',
  i: 'include',
  f: 'fail',
  g: 'globoff',
  N: 'no-buffer',
  '#': 'progress-bar',
  m: 'max-time',
  o: 'output',
  O: 'remote-name',
  w: 'write-out',
  F: 'form',
  T: 'upload-file',
  x: 'proxy',
  E: 'cert',
  K: 'config',
  c: 'cookie-jar',
  r: 'range',
  '0': 'http1.0',
  '4': 'ipv4',
  '6': 'ipv6',
  j: 'junk-session-cookies',
}

/** Options that change how curl works, or what it shows, and not what is asked. With a value or without. */
const passedOver = {
  with: new Set(
    'max-time connect-timeout output write-out retry retry-delay retry-max-time max-redirs cookie-jar stderr dump-header'.split(
      ' ',
    ),
  ),
  without: new Set(
    'silent show-error verbose include fail fail-with-body no-buffer progress-bar compressed http1.0 http1.1 http2 http3 ipv4 ipv6 no-keepalive remote-name junk-session-cookies path-as-is retry-connrefused tcp-nodelay no-progress-meter'.split(
      ' ',
    ),
  ),
}

const refused: Record<string, string> = {
  form: 'a form with parts is not imported; write such a check by hand',
  'form-string': 'a form with parts is not imported; write such a check by hand',
  'upload-file': 'it would send a file of this machine',
  proxy: 'a check calls through the gateway, not through a proxy',
  cert: 'a check has no certificate of a client',
  key: 'a check has no certificate of a client',
  config: 'it would read a file of this machine: paste what stands in it',
  range: 'a check reads whole answers',
}

type Work = (state: State, value: string) => void
const isFile = (value: string) => value.startsWith('@')
const noFile = (state: State, option: string, value: string) =>
  void state.findings.push(`--${option} ${value}: it would read a file of this machine: paste its content`)

const withValue: Record<string, Work> = {
  request: (state, value) => void (state.method = value.toUpperCase()),
  header(state, value) {
    if (isFile(value)) return noFile(state, 'header', value)
    const [, name, separator, text] = /^([^:;]+)([:;])(.*)$/s.exec(value) ?? []
    if (name === undefined || !/^[\w!#$%&'*+.^`|~-]+$/.test(name.trim()))
      return void state.findings.push(`--header “${value.slice(0, 60)}” is no header`)
    // “Name:” alone takes out what curl would send by itself; “Name;” sends it empty.
    if (separator === ':' && text!.trim() === '') return
    state.headers.push([name.trim().toLowerCase(), separator === ';' ? '' : text!.trim()])
  },
  data: (state, value) =>
    isFile(value) ? noFile(state, 'data', value) : void state.data.push(value.replaceAll(/[\r\n]/g, '')),
  'data-raw': (state, value) => void state.data.push(value),
  'data-binary': (state, value) =>
    isFile(value) ? noFile(state, 'data-binary', value) : void state.data.push(value),
  'data-urlencode': (state, value) => encoded(state, 'data-urlencode', value, state.data),
  json(state, value) {
    if (isFile(value)) return noFile(state, 'json', value)
    state.json = true
    state.data.push(value)
  },
  'url-query': (state, value) =>
    value.startsWith('+')
      ? void state.query.push(value.slice(1))
      : encoded(state, 'url-query', value, state.query),
  user(state, value) {
    if (!value.includes(':'))
      return void state.findings.push('--user without a password: curl would ask for it')
    state.headers.push(['authorization', `Basic ${Buffer.from(value).toString('base64')}`])
  },
  'oauth2-bearer': (state, value) => void state.headers.push(['authorization', `Bearer ${value}`]),
  cookie(state, value) {
    if (!value.includes('=')) return noFile(state, 'cookie', value)
    state.headers.push(['cookie', value])
  },
  'user-agent': (state, value) => void state.headers.push(['user-agent', value]),
  referer: (state, value) => void state.headers.push(['referer', value]),
  url: (state, value) => void state.urls.push(value),
}
withValue['data-ascii'] = withValue['data']!

const withoutValue: Record<string, (state: State) => void> = {
  get: (state) => void (state.get = true),
  head: (state) => void (state.head = true),
  globoff: (state) => void (state.noGlob = true),
  insecure: (state) => void state.notes.push('-k is left out: certificates are verified'),
  location: (state) => void state.notes.push('-L is left out: a redirect is an answer of its own'),
}

/** Reads a command line that begins with `curl`; all findings at once. Pure. */
export function parseCurl(text: string): CurlReading {
  const split = splitShell(text.trim().replace(/^\$\s+/, ''))
  if (!split.ok) return { ok: false, findings: [split.detail] }
  const [program, ...words] = split.words
  if (program !== 'curl' && program !== 'curl.exe')
    return { ok: false, findings: ['a call begins with “curl”'] }
  const state: State = {
    method: null,
    headers: [],
    data: [],
    query: [],
    urls: [],
    json: false,
    get: false,
    head: false,
    noGlob: false,
    notes: [],
    findings: [],
  }
  readWords(state, words)
  const call = state.findings.length === 0 ? toCall(state) : undefined
  return call ? { ok: true, call, notes: [...new Set(state.notes)] } : { ok: false, findings: state.findings }
}

function readWords(state: State, words: readonly string[]): void {
  let plain = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (plain || word === '-' || !word.startsWith('-')) state.urls.push(word)
    else if (word === '--') plain = true
    else if (word.startsWith('--'))
      at += option(state, word.slice(2), words[at + 1], `--${word.slice(2)}`) ? 1 : 0
    else {
      // Letters may stand together, and the last may have its value right behind it: -sXPOST.
      for (let letter = 1; letter < word.length; letter++) {
        const name = short[word[letter]!]
        const rest = word.slice(letter + 1)
        if (name === undefined) {
          state.findings.push(`unknown option -${word[letter]}`)
          break
        }
        if (!takesValue(name)) {
          option(state, name, undefined, `-${word[letter]}`)
          continue
        }
        const used = option(state, name, rest === '' ? words[at + 1] : rest, `-${word[letter]}`)
        at += used && rest === '' ? 1 : 0
        break
      }
    }
  }
}

const takesValue = (name: string) =>
  Object.hasOwn(withValue, name) || passedOver.with.has(name) || Object.hasOwn(refused, name)

/** Whether it took the value. */
function option(state: State, name: string, value: string | undefined, shown: string): boolean {
  if (Object.hasOwn(refused, name)) state.findings.push(`${shown}: ${refused[name]}`)
  else if (Object.hasOwn(withoutValue, name)) withoutValue[name]!(state)
  else if (passedOver.without.has(name)) return false
  else if (!takesValue(name)) state.findings.push(`unknown option ${shown}`)
  else if (value === undefined) state.findings.push(`${shown} needs a value`)
  else if (Object.hasOwn(withValue, name)) withValue[name]!(state, value)
  return takesValue(name) && value !== undefined
}

/** `content`, `=content`, `name=content`; `@file` and `name@file` read files. */
function encoded(state: State, name: string, value: string, to: string[]): void {
  const [, before, separator, content] = /^([^=@]*)([=@])(.*)$/s.exec(value) ?? []
  if (separator === '@') return noFile(state, name, value)
  const text = separator === undefined ? value : content!
  to.push((before ? `${before}=` : '') + encodeURIComponent(text).replaceAll('%20', '+'))
}

function toCall(state: State): ShownCall | undefined {
  const { findings } = state
  const [given, ...more] = state.urls
  if (given === undefined) return void findings.push('there is no URL')
  if (more.length > 0)
    return void findings.push(
      `there are several URLs (${[given, ...more].join(', ').slice(0, 200)}): paste one call`,
    )
  if (!state.noGlob && /[[\]{}]/.test(given))
    return void findings.push(
      'the URL has brackets: curl would make several calls; write them percent-encoded',
    )
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`)
  if (!url || !/^https?:$/.test(url.protocol))
    return void findings.push(`“${given.slice(0, 200)}” is no http or https URL`)
  if (url.username !== '') {
    const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    state.headers.push(['authorization', `Basic ${Buffer.from(user).toString('base64')}`])
    url.username = url.password = ''
  }
  url.hash = ''
  const data = state.data.length > 0 ? state.data.join(state.json ? '' : '&') : null
  const query = [...(state.get && data !== null ? [data] : []), ...state.query].join('&')
  if (query !== '') url.search += (url.search === '' ? '?' : '&') + query
  const body = state.get ? null : data
  const method = state.method ?? (state.head ? 'HEAD' : body === null ? 'GET' : 'POST')
  if (!/^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/.test(method))
    return void findings.push(`the method ${method} is not imported`)
  if (body !== null && (method === 'GET' || method === 'HEAD'))
    return void findings.push(`${method} with a body is not imported`)
  const defaults: [string, string][] = state.json
    ? [
        ['content-type', 'application/json'],
        ['accept', 'application/json'],
      ]
    : body === null
      ? []
      : [['content-type', 'application/x-www-form-urlencoded']]
  const own = new Set(state.headers.map(([name]) => name))
  const headers = withoutNoise([...state.headers, ...defaults.filter(([name]) => !own.has(name))])
  return { method, url, headers, body }
}
