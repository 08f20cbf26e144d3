import { createBotKind, grantOf, grantToAdd, missingGrant } from '../bots/index.ts'
import { createRunControl, executeChecks, readCatalogue } from '../checks/index.ts'
import type { CallControl, Reporter, Summary } from '../checks/index.ts'
import { problem, systemClock } from '../kernel/index.ts'
import type { Config } from '../kernel/index.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Runs the configuration's bots once; for those without a grant, says what to add. */
export async function runBots(options: {
  call: CallControl
  config: Config
  /** Empty: all. */
  names?: readonly string[]
  organization?: string | undefined
  reporter: Reporter
  terminal: Terminal
  signal: AbortSignal
}): Promise<Summary> {
  const { call, config, names = [], organization, reporter, terminal, signal } = options
  const control = createRunControl(call)
  const summary = await executeChecks({
    kind: createBotKind(call),
    control: {
      ...control,
      // Control has the last word; but what this configuration does not grant is not even asked for.
      async start(input) {
        if (grantOf(config, input.check)) return control.start(input)
        throw problem('grant_missing', missingGrant(input.check, config))
      },
    },
    files: config.bots?.files ?? [],
    folder: config.folder,
    catalogue: (await readCatalogue(config.services)).catalogue,
    clock: systemClock,
    names,
    parent: organization,
    reporters: [reporter],
    signal,
  })
  for (const { check } of summary.results) {
    if (grantOf(config, check.name)) continue
    terminal.note(`“${shown(check.name)}” runs once the configuration (${shown(config.file)}) has its grant:`)
    for (const line of grantToAdd(check.name, config)) terminal.note(`  ${shown(line)}`)
  }
  return summary
}
