import { basename, extname, resolve } from 'node:path'
import {
  createOutput,
  sentencesOf,
  learnedRoutes,
  startShadow,
  toDocument,
  toProposal,
} from '../../gateway/index.ts'
import type { Output, Shadow } from '../../gateway/index.ts'
import { messageOf, problem } from '../../kernel/index.ts'
import type { ExitCode } from '../failure.ts'
import { columns, shown } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'

export interface ShadowFlags {
  upstream: string
  shadow?: boolean
  port: string
  out: string
  json?: boolean
}

const writeEveryMs = 10_000
const graceMs = 5_000
/** Routes shown at the end; the document has them all. */
const mostShown = 40

/** Runs the shadow until Ctrl-C. */
export async function shadow(flags: ShadowFlags, terminal: Terminal): Promise<ExitCode> {
  const { upstream, port } = readFlags(flags)
  const outputs = outputsFor(resolve(flags.out))
  // What must not be written over is said before anybody relies on it.
  for (const { output } of outputs) await output.check()
  const say = (event: object, line: string) => {
    if (flags.json) terminal.print(JSON.stringify(event))
    else terminal.print(line)
  }
  const trouble = (message: string) => {
    if (flags.json) terminal.print(JSON.stringify({ trouble: message }))
    else terminal.note(`${terminal.mark.unsure} ${shown(message)}`)
  }

  const running = await startShadow({ upstream, port, onTrouble: once(trouble) })
  say(
    { ready: true, url: running.url, upstream: upstream.origin },
    `${running.url} passes everything on to ${upstream.origin}. Point your clients there; Ctrl-C ends.`,
  )
  const write = createWriter(running, upstream, outputs, trouble)
  const timer = setInterval(() => void write(), writeEveryMs)
  await stopSignal()
  clearInterval(timer)
  // Once before anybody is waited for: a second Ctrl-C ends at once.
  await write()
  await running.stop(graceMs)
  const isWritten = await write()
  summarize(running, outputs, flags.json === true, terminal)
  return isWritten ? 0 : 2
}

function readFlags({ upstream: text, shadow: isShadow, port }: ShadowFlags): {
  upstream: URL
  port: number
} {
  const findings = []
  const upstream = URL.parse(text)
  const isOrigin =
    upstream !== null &&
    /^https?:$/.test(upstream.protocol) &&
    upstream.href === `${upstream.origin}/` &&
    !text.includes('@')
  if (!isOrigin)
    findings.push({
      path: '--upstream',
      message: 'must be an origin, such as https://api.example.test, without user, path or query',
    })
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535)
    findings.push({ path: '--port', message: 'must be a number from 0 (any free one) to 65535' })
  if (!isShadow)
    findings.push({
      path: '--shadow',
      message:
        'must be given: a gateway that decides belongs to an installation, and “rockpool up” starts it',
    })
  if (findings.length > 0) throw problem('invalid_input', 'the shadow cannot be started', { findings })
  return { upstream: upstream!, port: Number(port) }
}

interface Written {
  output: Output
  text: (learned: ReturnType<Shadow['learned']>, upstream: URL) => string
}

function outputsFor(document: string): Written[] {
  const beside = document.slice(0, document.length - extname(document).length)
  return [
    { output: createOutput(document, '#'), text: toDocument },
    {
      output: createOutput(`${beside}.config.ts`, '//'),
      text: ({ organization }, upstream) =>
        toProposal({ upstream, organization, document: `./${basename(document)}` }),
    },
  ]
}

/** Writes what is learned so far; false where it could not all be written. One writing at a time. */
function createWriter(
  running: Shadow,
  upstream: URL,
  outputs: readonly Written[],
  trouble: (message: string) => void,
): () => Promise<boolean> {
  const said = new Set<string>()
  const written = async () => {
    let isAll = true
    for (const { output, text } of outputs)
      try {
        await output.write(text(running.learned(), upstream))
      } catch (error) {
        isAll = false
        const message = messageOf(error)
        if (!said.has(message)) trouble(message)
        said.add(message)
      }
    return isAll
  }
  let last: Promise<boolean> = Promise.resolve(true)
  return () => (last = last.then(written))
}

function summarize(running: Shadow, outputs: readonly Written[], json: boolean, terminal: Terminal): void {
  const learned = running.learned()
  const { routes, unanswered } = learnedRoutes(learned)
  const files = outputs.map(({ output }) => output.file)
  const { requests, beyond, dropped, failures } = learned
  if (json) {
    const { isOne: _isOne, ...organization } = { isOne: undefined, ...learned.organization }
    terminal.print(
      JSON.stringify({
        ended: true,
        requests,
        routes: routes.length,
        unanswered,
        beyond,
        dropped,
        failures,
        organization,
        files,
      }),
    )
    return
  }
  terminal.print('')
  for (const line of columns(
    routes
      .slice(0, mostShown)
      .map(({ method, path, operation }) => [
        method,
        shown(path),
        `${operation.count}×`,
        [...operation.statuses.keys()].toSorted((a, b) => a - b).join(' '),
      ]),
  ))
    terminal.print(line)
  if (routes.length > mostShown) terminal.print(`… and ${routes.length - mostShown} more`)
  terminal.print('')
  terminal.print(
    `${requests} requests, ${routes.length} routes${unanswered > 0 ? `, and ${unanswered} that nothing answered` : ''}`,
  )
  const skipped = beyond + dropped + failures
  if (skipped > 0) terminal.print(`${skipped} requests passed through without being learned from`)
  for (const line of sentencesOf(learned.organization)) terminal.print(line)
  for (const file of files) terminal.print(`written: ${shown(file)}`)
}

/** Resolves at the first signal to end; the second one ends at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(2))
        resolve()
      })
  })
}

/** Of the same trouble once, and again only after a minute. */
function once(say: (message: string) => void): (message: string) => void {
  const said = new Map<string, number>()
  return (message) => {
    const now = performance.now()
    if (now - (said.get(message) ?? -Infinity) < 60_000) return
    if (said.size > 100) said.clear()
    said.set(message, now)
    say(message)
  }
}
