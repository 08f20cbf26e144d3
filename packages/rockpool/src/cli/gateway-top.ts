import { setTimeout as pause } from 'node:timers/promises'
import { formatDuration } from '../kernel/light.ts'
import type { ControlClient } from '../api/light.ts'
import { onInstallation, reachControl } from './command.ts'
import type { AddCommand } from './command.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { columns, fold, shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  once?: boolean
  json?: boolean
  service?: string
  environment?: string
}

/** Figures are kept by the minute: this is the minute under way and the one before. */
const windowMs = 60_000
const everyMs = 1_000

export const gatewayTopCommand: AddCommand = (gateway, { terminal, action }) => {
  onInstallation(gateway.command('top'))
    .description(
      'Watch what goes through the gateways, by service and environment: rates, errors, how long it takes.',
    )
    .option('--once', 'show it once and end; so it does where there is no terminal')
    .option('--service <name>', 'of this service')
    .option('--environment <environment>', 'production or sandbox')
    .addHelpText(
      'after',
      `
Of the minute under way and the one before, read anew each second until Ctrl-C. “whose” is customers’, Rockpool’s own, or called
on: what services asked of each other for the first two. p50 and p99 are of what was answered.

Examples:
  rockpool gateway top --installation local
  rockpool gateway top --once --environment production --installation local`,
    )
    .action(
      action(async (flags: Flags): Promise<ExitCode> => {
        const isLive = terminal.live && process.stdout.isTTY && !flags.once && !flags.json
        const { client } = await reachControl(flags, { quiet: isLive })
        const read = () => readRows(client, flags)
        const first = await read()
        if (flags.json) for (const row of first.rows) terminal.print(JSON.stringify(row))
        else if (!isLive) for (const line of tableOf(first)) terminal.print(line)
        if (!isLive) return 0

        const stopped = new AbortController()
        process.once('SIGINT', () => stopped.abort())
        let drawn = 0
        const draw = (lines: readonly string[]) => {
          const height = Math.max(3, (process.stdout.rows || 24) - 1)
          // A redraw goes up by rows: a line that the terminal would fold is cut.
          const rows = lines.slice(0, height).map((line) => fold(line, process.stdout.columns || 80)[0] ?? '')
          const up = drawn > 0 ? `\u001b[${drawn}A` : ''
          terminal.print(`${up}${rows.map((row) => `\u001b[2K${row}`).join('\n')}\u001b[J`)
          drawn = rows.length
        }
        draw(tableOf(first))
        while (!stopped.signal.aborted) {
          await pause(everyMs, undefined, { signal: stopped.signal }).catch(() => {})
          if (stopped.signal.aborted) break
          // Control may restart: the figures come back, and until then it is said why there are none.
          draw(
            await read().then(tableOf, (error: Error) => [`${terminal.mark.fail} ${shown(error.message)}`]),
          )
        }
        return 0
      }),
    )
}

interface Row {
  service: string | null
  environment: string | null
  whose: 'customers' | 'own' | 'called on'
  /** Requests each second. */
  rate: number
  count: number
  errors: number
  refused: number
  gone: number
  p50: number | null
  p99: number | null
}

interface Read {
  /** Seconds that the figures are of. */
  seconds: number
  rows: Row[]
}

async function readRows(client: ControlClient, flags: Flags): Promise<Read> {
  const now = Date.now()
  const { service, environment } = flags
  const query = {
    from: new Date(now - windowMs).toISOString(),
    to: new Date(now).toISOString(),
    ...(service === undefined ? {} : { service }),
    // Anything else is refused by control, with what there is.
    ...(environment === undefined ? {} : { environment: environment as 'production' | 'sandbox' }),
  }
  const { services, from } = await client.call('GET /requests/summary', { query })
  // What was asked for is widened to whole minutes; the one under way has not passed.
  const seconds = Math.max(1, (now - Date.parse(from)) / 1000)
  const rows = services.flatMap(({ service, environment, customers, own, inside }) =>
    (
      [
        ['customers', customers],
        ['own', own],
        ['called on', inside],
      ] as const
    ).flatMap(([whose, figures]): Row[] => {
      const { count, errors, refused, gone, p50, p99 } = figures
      if (count === 0) return []
      const rate = Number((count / seconds).toFixed(2))
      return [{ service, environment, whose, rate, count, errors, refused, gone, p50, p99 }]
    }),
  )
  return { seconds, rows: rows.sort((a, b) => b.rate - a.rate) }
}

function tableOf({ seconds, rows }: Read): string[] {
  const head = `of the last ${Math.round(seconds)} s: ${sum(rows, 'count')} requests from outside, ${sum(rows, 'errors')} errors, ${sum(rows, 'refused')} refused`
  if (rows.length === 0) return [head]
  const took = (ms: number | null) => (ms === null ? '-' : formatDuration(ms))
  const table = rows.map(({ service, environment, whose, rate, errors, refused, p50, p99 }) => [
    shown(service ?? '(no route)'),
    environment ?? '-',
    whose,
    rate.toFixed(rate < 10 ? 2 : 0),
    String(errors),
    String(refused),
    took(p50),
    took(p99),
  ])
  return [
    head,
    ...columns([['service', 'environment', 'whose', 'req/s', 'errors', 'refused', 'p50', 'p99'], ...table]),
  ]
}

/** Of what came from outside: what services called on is a part of that. */
const sum = (rows: readonly Row[], figure: 'count' | 'errors' | 'refused') =>
  rows.reduce((total, row) => (row.whose === 'called on' ? total : total + row[figure]), 0)
