import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// llhttp's own test messages: Markdown with a message, and the events that its parser tells about it.

const folder = fileURLToPath(new URL('../data/llhttp', import.meta.url))

export interface Fixture {
  /** Such as `request/sample: curl GET`; unique. */
  title: string
  /** Of the parser: `request`, `request-lenient-headers`, `response-finish`, … */
  type: string
  /** The body is told to be missing, as after HEAD. */
  skipBody: boolean
  bytes: string
  messages: ParsedMessage[]
  /** What the parser refuses, after the messages. An end of HTTP (CONNECT, an upgrade) is none. */
  error: string | undefined
  /** HTTP ends here: a tunnel, or another protocol. */
  upgrade: boolean
}

export interface ParsedMessage {
  method: string
  target: string
  headers: [name: string, value: string][]
  status: number | undefined
  body: string
  /** Its end was seen. */
  whole: boolean
}

/** The messages of one file, such as `request/sample`. */
export function readFixtures(name: string): Fixture[] {
  const text = readFileSync(`${folder}/${name}.md`, 'latin1')
  const taken = new Set<string>()
  const blocks = /```http\n([\s\S]*?\n?)```\n(?:(?!```)[\s\S])*```log\n([\s\S]*?)```/g
  return [...text.matchAll(blocks)].map((match) => {
    const before = text.slice(0, match.index)
    const heading = before.slice(before.lastIndexOf('\n#')).split('\n')[1]!.replace(/^#+ /, '')
    const meta = JSON.parse(before.slice(before.lastIndexOf('meta=') + 5, before.lastIndexOf('-->'))) as {
      type: string
      skipBody?: boolean
    }
    let title = `${name}: ${heading}`
    for (let count = 2; taken.has(title); count++) title = `${name}: ${heading} (${count})`
    taken.add(title)
    const bytes = toBytes(match[1]!)
    return { title, type: meta.type, skipBody: meta.skipBody === true, bytes, ...readLog(match[2]!, bytes) }
  })
}

/** As llhttp's tests do it: line ends are CRLF, the last one apart, and what is escaped stands for itself. */
function toBytes(block: string): string {
  return block
    .replace(/\n$/, '')
    .replace(/\\\n/g, '')
    .replace(/\n/g, '\r\n')
    .replace(/\\r/g, '\r')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/\\f/g, '\f')
    .replace(/\\x([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\([0-7]{1,3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
}

// CONNECT, an upgrade, and the preface of HTTP/2: no errors of the form.
const ends = new Set(['22', '23'])

function readLog(log: string, bytes: string): Pick<Fixture, 'messages' | 'error' | 'upgrade'> {
  const messages: ParsedMessage[] = []
  let error: string | undefined
  let upgrade = false
  let isName = false
  let inHead = false
  for (const line of log.split('\n')) {
    if (line.includes(' message begin'))
      messages.push({ method: '', target: '', headers: [], status: undefined, body: '', whole: false })
    if (line.includes(' message begin')) inHead = true
    const message = messages.at(-1)
    const [, code, reason] = / error code=(\d+) reason="(.*)"/.exec(line) ?? []
    if (code !== undefined && ends.has(code)) upgrade = true
    else if (code !== undefined) error = reason
    if (!message) continue
    if (line.includes(' message complete')) message.whole = true
    message.status ??= Number(/headers complete.* status=(\d+)/.exec(line)?.[1] ?? Number.NaN) || undefined
    // What comes after the head are trailers.
    if (line.includes(' headers complete')) inHead = false
    const [, from, length, kind] = /^off=(\d+) len=(\d+) span\[(\w+)\]/.exec(line) ?? []
    if (kind === undefined) continue
    const span = bytes.slice(Number(from), Number(from) + Number(length))
    if (kind === 'method') message.method += span
    if (kind === 'url') message.target += span
    if (kind === 'body') message.body += span
    if (kind === 'header_field' && inHead) {
      if (isName) message.headers.at(-1)![0] += span
      else message.headers.push([span, ''])
    }
    if (kind === 'header_value' && inHead) message.headers.at(-1)![1] += span
    isName = kind === 'header_field'
  }
  return { messages, error, upgrade }
}
