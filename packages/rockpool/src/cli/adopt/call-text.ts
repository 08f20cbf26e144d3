import type { ShownCall } from './call.ts'
import { access, Code, literal, quote } from './code.ts'
import { isObject } from './json.ts'
import type { KnownOperation } from './match.ts'
import type { Names } from './observe.ts'
import { jsonOf } from './secret-finder.ts'
import type { FoundSecrets } from './secret-finder.ts'

/** The code of one call in a check, and how its answer is called. `number`: of several, from 1; null: the only one. */
export interface CallCode {
  lines: string[]
  names: Names
  usesApi: boolean
}

/** A call of an operation that a contract knows. Pure. */
export function knownCall(
  call: ShownCall,
  known: KnownOperation,
  secrets: FoundSecrets,
  number: number | null,
): CallCode {
  const answer = `answer${number ?? ''}`
  const query: Record<string, unknown> = {}
  for (const name of new Set(call.url.searchParams.keys())) {
    const values = call.url.searchParams.getAll(name).map((value) => hidden(value, secrets))
    query[name] = values.length === 1 ? values[0] : values
  }
  const json = call.body === null ? undefined : jsonOf(call.body)
  const isJson =
    json !== undefined && call.headers.some(([name, value]) => name === 'content-type' && /json/i.test(value))
  // What the api fixture says by itself.
  const own = call.headers.filter(
    ([name, value]) =>
      !(name === 'accept' && /^(\*\/\*|application\/json)$/.test(value)) &&
      !(name === 'content-type' && isJson && /^application\/json$/i.test(value)) &&
      !(name === 'authorization' && /\brp_[a-z]+_/.test(value)),
  )
  const request = {
    ...(Object.keys(known.path).length > 0 ? { path: mapped(known.path, secrets) } : {}),
    ...(Object.keys(query).length > 0 ? { query } : {}),
    ...(own.length > 0 ? { headers: mapped(Object.fromEntries(own), secrets) } : {}),
    ...(call.body === null ? {} : { body: isJson ? hiddenJson(json, secrets) : hidden(call.body, secrets) }),
  }
  const argument = Object.keys(request).length === 0 ? '' : literal(request, '    ')
  const target = `api${access(known.service)}${access(known.operation)}(${argument})`
  return {
    lines: stepLines(`const ${answer} = await step(${quote(`call ${known.operation}`)}, () =>`, target),
    names: {
      status: `${answer}.status`,
      contentType: `${answer}.headers['content-type']`,
      body: `${answer}.body`,
    },
    usesApi: true,
  }
}

/** On one line where it is short, as people write it. */
function stepLines(head: string, work: string): string[] {
  const line = `${head} ${work})`
  return line.length <= 100 && !line.includes('\n') ? [line] : [head, `  ${work},`, ')']
}

/** A call that no contract knows: as it was shown, round the gateway. Pure. */
export function plainCall(
  call: ShownCall,
  secrets: FoundSecrets,
  number: number | null,
  isJson: boolean,
): CallCode {
  const response = `response${number ?? ''}`
  const body = `body${number ?? ''}`
  const options = {
    ...(call.method === 'GET' ? {} : { method: call.method }),
    ...(call.headers.length > 0 ? { headers: mapped(Object.fromEntries(call.headers), secrets) } : {}),
    ...(call.body === null ? {} : { body: hidden(call.body, secrets) }),
    redirect: 'manual',
    signal: new Code('signal'),
  }
  const url = literal(hiddenUrl(call.url, secrets))
  const title = `${call.method} ${call.url.host}`
  return {
    lines: [
      `const ${response} = await step(${quote(title)}, () =>`,
      `  fetch(${url}, ${literal(options, '    ')}),`,
      ')',
      `const ${body}: any = await ${response}.${isJson ? 'json' : 'text'}()`,
    ],
    names: { status: `${response}.status`, contentType: `${response}.headers.get('content-type')`, body },
    usesApi: false,
  }
}

/** A text, or the expression that puts its secrets in: `secrets.NAME`, or a template. */
function hidden(text: string, secrets: FoundSecrets): string | Code {
  return expression(secrets.pieces(text), (piece) => piece)
}

/** In a URL a secret is percent-encoded. */
function hiddenUrl(url: URL, secrets: FoundSecrets): string | Code {
  const text = decodedWhereSecret(url, secrets)
  return expression(secrets.pieces(text), (piece) => piece, 'encodeURIComponent')
}

/** The values that are secrets stand as themselves in it, so that they are found; the rest as it was written. */
function decodedWhereSecret(url: URL, secrets: FoundSecrets): string {
  let text = url.href
  for (const value of secrets.byValue.keys()) {
    for (const form of [
      encodeURIComponent(value),
      encodeURIComponent(value).replaceAll('%20', '+'),
      new URLSearchParams([['', value]]).toString().slice(1),
    ])
      text = text.replaceAll(form, () => value)
  }
  return text
}

function expression(
  pieces: (string | { secret: string })[],
  write: (piece: string) => string,
  wrap?: string,
): string | Code {
  const use = (name: string) => (wrap ? `${wrap}(secrets.${name})` : `secrets.${name}`)
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.map((piece) => write(piece)).join('')
  const [only] = pieces
  if (pieces.length === 1 && typeof only === 'object') return new Code(use(only.secret))
  const parts = pieces.map((piece) =>
    typeof piece === 'string'
      ? quote(write(piece))
          .slice(1, -1)
          .replaceAll(String.raw`\'`, "'")
          .replaceAll(/`|\$\{/g, String.raw`\$&`)
      : `\${${use(piece.secret)}}`,
  )
  return new Code(`\`${parts.join('')}\``)
}

const mapped = (values: Readonly<Record<string, string>>, secrets: FoundSecrets) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hidden(value, secrets)]))

function hiddenJson(value: unknown, secrets: FoundSecrets, depth = 0): unknown {
  if (typeof value === 'string') return hidden(value, secrets)
  if (depth > 32) return value
  if (Array.isArray(value)) return value.map((item) => hiddenJson(item, secrets, depth + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, hiddenJson(inner, secrets, depth + 1)]),
  )
}
