import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { onInstallation, reachControl } from './command.ts'
import type { CommandContext } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { ControlledInstallation } from './control.ts'
import { namedAgain, shellWord } from './installation.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'

interface ImportFlags extends InstallationOptions {
  name?: string
  allowWrite?: boolean
  write?: boolean
  json?: boolean
}

/** A HAR file of a long session is large, and most of it is left out. */
const maxFileBytes = 64 * 1024 * 1024

/** `rockpool check import`. */
export function addCheckImport(check: Command, { terminal, action }: CommandContext): void {
  onInstallation(check.command('import <source>'))
    .description(
      'Make a check of a curl call or of a browser’s recording (.har); for an OpenAPI document, tell which of its operations are verified.',
    )
    .option('--name <text>', 'what the check is called, and its file')
    .option('--allow-write', 'make calls that may change something too: each is made twice')
    .option(
      '--write',
      'of an OpenAPI document: write a check for each operation that can be called as it stands',
    )
    .addHelpText(
      'after',
      `
The call is made twice, to tell what stays from what differs. Tokens, cookies and keys go into the installation’s secrets
before anything is written; the file has their names. “-” reads the call from standard input, so that no token stands in
your shell’s history.

Examples:
  pbpaste | rockpool check import - --installation local
  rockpool check import "curl https://api.example.test/v1/things/7 -H 'Accept: application/json'" --installation local
  rockpool check import session.har --name "a visitor buys" --installation local
  rockpool check import openapi.yaml --installation local
  rockpool check import openapi.yaml --write --installation local`,
    )
    .action(
      action(async (source: string, _: ImportFlags, command: Command): Promise<ExitCode> => {
        // The options of “check” itself have the same names, and would take them.
        const flags = command.optsWithGlobals<ImportFlags>()
        const [{ problem, loadConfig }, { findConfig, chooseInstallation }] = await Promise.all([
          import('../kernel/index.ts'),
          import('./installation.ts'),
        ])
        const again = namedAgain(flags, flags.installation ?? '<name>')
        const say = (line: string) => void (flags.json || terminal.print(shown(line)))
        const config = flags.installation
          ? (await chooseInstallation(flags)).config
          : await loadConfig(await findConfig(flags.config))
        const installation = flags.installation ? await running(flags) : null
        const given = await read(source)

        if (given.kind === 'openapi') {
          const { coverageOf, writeChecks } = await import('./adopt/import-openapi.ts')
          const coverage = await coverageOf(config, given.file, (service) =>
            calledOf(installation, config, service),
          )
          const { operations, verified, service } = coverage
          say(
            `${verified} of ${operations.length} operations verified${installation ? ', by the last run of each check' : ', by what the check files call'}`,
          )
          for (const { method, path, operationId, verified: is } of operations)
            if (!flags.json)
              terminal.print(
                `  ${is ? terminal.mark.pass : terminal.mark.waiting} ${shown(`${method.padEnd(6)} ${path}  ${operationId}`)}`,
              )
          if (service === null)
            say('No service of the configuration has this contract: none of it is called.')
          const written = flags.write ? await writeChecks(config, coverage, given.file, say) : []
          if (flags.json)
            terminal.print(
              JSON.stringify({
                service,
                verified,
                operations: operations.length,
                unverified: operations.filter((one) => !one.verified).map((one) => one.operationId),
                written,
              }),
            )
          return 0
        }

        const calls = await callsOf(given, say)
        if (!calls.ok)
          throw problem('invalid_input', 'the call cannot be imported', {
            findings: calls.findings.map((message) => ({ path: given.kind, message })),
          })
        const { importCalls } = await import('./adopt/import.ts')
        const result = await importCalls({
          config,
          gateways: installation
            ? [installation.gateway]
            : Object.values(config.installations).map(({ gateway }) => gateway),
          calls: calls.calls,
          title: flags.name,
          allowWrite: flags.allowWrite ?? false,
          keepSecret: installation && ((name, value) => keepSecret(installation, name, value)),
          again,
          say,
        })
        if (flags.json) terminal.print(JSON.stringify(result))
        else say(`Next: rockpool check ${shellWord(result.file)} ${again}`)
        return 0
      }),
    )
}

/** Null: nothing runs for it. Whoever is not signed in is told so. */
async function running(flags: ImportFlags): Promise<ControlledInstallation | null> {
  return reachControl(flags).catch((error: unknown) => {
    if ((error as { code?: string }).code === 'control_unreachable') return null
    throw error
  })
}

type Given =
  | { kind: 'curl'; text: string }
  | { kind: 'har'; text: string }
  | { kind: 'openapi'; file: string }

async function read(source: string): Promise<Given> {
  const { problem } = await import('../kernel/index.ts')
  if (source === '-') {
    const { readStandardInput } = await import('./prompt.ts')
    return { kind: 'curl', text: await readStandardInput(1024 * 1024) }
  }
  if (/^\s*(\$\s+)?curl(\.exe)?(\s|$)/.test(source)) return { kind: 'curl', text: source }
  const file = resolve(source)
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile())
    throw problem('invalid_input', `“${source.slice(0, 80)}” is neither a curl call nor a file`)
  if (found.size > maxFileBytes)
    throw problem('body_too_large', `${file} is larger than ${maxFileBytes} bytes`)
  const text = await readFile(file, 'utf8')
  if (/^\s*(\$\s+)?curl(\.exe)?\s/.test(text)) return { kind: 'curl', text }
  return file.endsWith('.har') || /^\s*\{\s*"log"\s*:/.test(text)
    ? { kind: 'har', text }
    : { kind: 'openapi', file }
}

async function callsOf(given: Exclude<Given, { kind: 'openapi' }>, say: (line: string) => void) {
  if (given.kind === 'curl') {
    const { parseCurl } = await import('./adopt/curl.ts')
    const reading = parseCurl(given.text)
    if (!reading.ok) return reading
    for (const note of reading.notes) say(`note       ${note}`)
    return { ok: true, calls: [reading.call] } as const
  }
  const { maxCalls, parseHar } = await import('./adopt/har.ts')
  const reading = parseHar(given.text)
  if (!reading.ok) return { ok: false, findings: [reading.detail] } as const
  const { noise, same, more } = reading.left
  say(
    `found      ${reading.calls.length} calls; left out: ${noise} that ask no API, ${same} the same again${more > 0 ? `, ${more} beyond ${maxCalls}` : ''}`,
  )
  return { ok: true, calls: reading.calls } as const
}

/** Under this name, or the next that is free: no value of another check is replaced. */
async function keepSecret({ client }: ControlledInstallation, name: string, value: string): Promise<string> {
  for (let number = 1; ; number++) {
    const secret = number === 1 ? name : `${name}_${number}`
    const kept = await client
      .call('PUT /secrets/{secret}', { params: { secret }, body: { value, replace: false } })
      .then(
        () => true,
        (error: unknown) => {
          if ((error as { code?: string }).code === 'conflict' && number < 50) return false
          throw error
        },
      )
    if (kept) return secret
  }
}

async function calledOf(
  installation: ControlledInstallation | null,
  config: ControlledInstallation['config'],
  service: string,
): Promise<Set<string>> {
  const { calledInEvidence, calledInFiles } = await import('./adopt/coverage.ts')
  if (!installation) return calledInFiles(config, service)
  const { items } = await installation.client.call('GET /checks', {})
  const runs = []
  for (const { latest } of items.slice(0, 500))
    if (latest) runs.push(await installation.client.call('GET /runs/{run}', { params: { run: latest.run } }))
  return calledInEvidence(runs, service)
}
