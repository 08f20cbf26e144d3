import { createAsk, createControlClient, createOperationClient, statusLines } from '../api/light.ts'
import { createReporter, createRunControl, executeChecks, readCatalogue } from '../checks/index.ts'
import { systemClock } from '../kernel/index.ts'
import type { Config } from '../kernel/index.ts'
import type { Running } from '../roles/up.ts'
import { runBots } from './bots.ts'
import type { ExitCode } from './failure.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/**
 * Runs every check once, then every bot, and prints the answers that exist so far. 0: every check that could run passes,
 * and every lifecycle is complete; 1: one fails; 2: it cannot tell. Checks that lack an optional program are listed as
 * uncheckable, and stand in nobody's way.
 */
export async function checkOnce(options: {
  running: Running
  config: Config
  terminal: Terminal
  json: boolean
  stop: Promise<unknown>
}): Promise<ExitCode> {
  const { running, config, terminal, json } = options
  const ask = createAsk({ url: running.control, credential: running.ownerCredential })
  const { call } = createOperationClient(ask)
  const { catalogue } = await readCatalogue(config.services)
  const stopped = new AbortController()
  void options.stop.then(() => stopped.abort(new Error('asked to stop')))
  const reporter = () =>
    createReporter(json ? 'json' : 'list', {
      stdout: process.stdout,
      stderr: process.stderr,
      environment: process.env,
      control: running.control,
    })
  const checks = await executeChecks({
    control: createRunControl(call),
    files: config.checks,
    folder: config.folder,
    catalogue,
    clock: systemClock,
    reporters: [reporter()],
    waitMs: 20_000,
    signal: stopped.signal,
  })
  const summaries = [checks]
  if (config.bots && !stopped.signal.aborted) {
    if (!json) terminal.print()
    summaries.push(await runBots({ call, config, reporter: reporter(), terminal, signal: stopped.signal }))
  }
  const { answers } = await createControlClient(ask).call('GET /status', {})
  if (json) for (const answer of answers) terminal.print(JSON.stringify(answer))
  else {
    terminal.print()
    for (const line of statusLines(answers)) terminal.printFolded(shown(line), 45)
  }
  if (summaries.some(({ stopped, findings }) => stopped || findings > 0)) return 2
  if (summaries.some(({ fail }) => fail > 0)) return 1
  const [working, rightNow] = answers
  const isProven = rightNow!.answer === 'yes' || rightNow!.answer === 'not measured yet'
  return working!.answer === 'yes' && isProven ? 0 : 2
}
