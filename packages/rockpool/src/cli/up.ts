import { onInstallation } from './command.ts'
import type { AddCommand } from './command.ts'
import { chooseInstallation, namedAgain } from './installation.ts'
import type { InstallationOptions } from './installation.ts'
import { problem } from '../kernel/index.ts'
import { createProgress, whileWaiting } from './progress.ts'
import type { ExitCode } from './failure.ts'
import type { Running } from '../roles/up.ts'

interface UpFlags extends InstallationOptions {
  postgres?: string
  once?: boolean
  json?: boolean
}

export const upCommand: AddCommand = (program, { terminal, action }) => {
  onInstallation(program.command('up'))
    .description('Run all of Rockpool, and the services of the configuration, on this machine.')
    .option('--postgres <url>', 'a Postgres of your own instead of the embedded one')
    .option(
      '--once',
      'run every check once, print the answers, and stop: 0 all that could run pass, 1 one fails, 2 cannot tell',
    )
    .addHelpText(
      'after',
      `
Examples:
  rockpool up --installation local
  rockpool up --installation local --once
  rockpool up --installation local --postgres postgres://me:secret@127.0.0.1:5432/postgres --data /var/lib/rockpool/shop`,
    )
    .action(
      action(async (flags: UpFlags): Promise<ExitCode> => {
        const stop = stopSignal()
        const { name, config, settings } = await chooseInstallation(flags)
        if (!settings.embedded) {
          throw problem(
            'invalid_input',
            `the installation “${name}” is not served here: only one with “embedded: true” is`,
          )
        }
        if (
          flags.postgres !== undefined &&
          !/^postgres(ql)?:$/.test(URL.parse(flags.postgres)?.protocol ?? '')
        ) {
          throw problem(
            'invalid_input',
            '--postgres is a URL such as postgres://me:secret@127.0.0.1:5432/postgres',
          )
        }
        const { startUp, upSteps } = await import('../roles/up.ts')
        const progress = createProgress(terminal, upSteps)
        const givingUp = new AbortController()
        const starting = startUp({
          config,
          installation: name,
          settings,
          data: flags.data,
          postgres: flags.postgres,
          schedule: !flags.once,
          progress,
          signal: givingUp.signal,
        }).finally(() => progress.end())
        const first = await Promise.race([starting, stop.then(() => 'stop' as const)])
        if (first === 'stop') {
          progress.end()
          terminal.note('stopping…')
          givingUp.abort()
          const ended = starting.then(
            (running) => running.close(),
            () => {},
          )
          await whileWaiting(terminal, 'stopping', ended)
          return 2
        }
        try {
          if (flags.once) {
            const { checkOnce } = await import('./once.ts')
            return await checkOnce({ running: first, config, terminal, json: flags.json ?? false, stop })
          }
          const { control, gateway, folder: data } = first
          const signIn = await firstLink(first)
          // To stdout, and nowhere else: whoever reads the link first is the installation's owner.
          if (flags.json) terminal.print(JSON.stringify({ ready: true, control, gateway, data, signIn }))
          else {
            terminal.print(`\nRockpool runs ${config.name}: ${control}\n`)
            terminal.print(`  Open it, signed in:  ${signIn.url}`)
            terminal.print(
              `  Works once, for 10 minutes. Another: rockpool login --browser ${namedAgain(flags, name)}\n`,
            )
          }
          await stop
          terminal.note('stopping…')
          return 0
        } finally {
          await whileWaiting(terminal, 'stopping', first.close())
        }
      }),
    )
}

/** The link that signs the machine's owner in: the first page is one click away. */
async function firstLink({ control, ownerCredential }: Running): Promise<{ url: string; endsAt: string }> {
  const { createAsk, createControlClient } = await import('../api/light.ts')
  const client = createControlClient(createAsk({ url: control, credential: ownerCredential }))
  return client.call('POST /sign-in-links', { body: {} })
}

/**
 * Resolves at the first signal that asks to stop. One Ctrl-C may arrive twice (from the terminal, and passed on by npm);
 * only one that comes later does not wait for a clean end.
 */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked !== undefined && performance.now() - asked > 2_000) process.exit(130)
        asked ??= performance.now()
        resolve(signal)
      })
    }
  })
}
