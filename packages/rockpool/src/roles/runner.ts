import { createAsk, createOperationClient } from '../api/light.ts'
import { createBotKind, grantOf } from '../bots/index.ts'
import { checkKind, createRunControl, createRunner, readCatalogue, rolePrefix } from '../checks/index.ts'
import { createJobs, loadConfig, systemClock } from '../kernel/index.ts'
import type { Log } from '../kernel/index.ts'
import { takeRoleEnvironment } from './environment.ts'
import { serveHealth } from './health.ts'
import type { Role } from './process.ts'

/** The role runner: runs checks, and bots that have a grant, at their times. Its way to control is HTTP; of Postgres it uses the queue alone. */
export async function startRunner(log: Log): Promise<Role> {
  const environment = takeRoleEnvironment([
    'config',
    'controlUrl',
    'databaseUrl',
    'roleToken',
    'schedule',
    'host',
    'port',
  ])
  const config = await loadConfig(environment.config)
  const jobs = await createJobs({ url: environment.databaseUrl, log })
  const { controlUrl: url, roleToken: credential } = environment
  const { call } = createOperationClient(createAsk({ url, credential, prefix: rolePrefix }))
  const control = createRunControl(call)
  const runner = createRunner({
    jobs,
    control,
    sources: [
      { kind: checkKind, files: config.checks },
      {
        kind: createBotKind(call),
        files: config.bots?.files ?? [],
        mayRun: (name) => grantOf(config, name) !== undefined,
      },
    ],
    folder: config.folder,
    catalogue: async () => (await readCatalogue(config.services)).catalogue,
    clock: systemClock,
    log,
    schedule: environment.schedule === 'on',
    // Whoever stops an installation does not want to wait for a check: it is given back while control is still there, and
    // its sandboxes are deleted after the next start. With that it is less than what the supervisor allows.
    graceMs: 500,
  })
  let ready = false
  const health = await serveHealth(environment, () => ready)
  await runner.start()
  ready = true

  return {
    async close() {
      const orderly = runner.stop().then(() => Promise.all([health.close(), jobs.close()]))
      // The queue's client may linger for seconds over a worker that has nothing left to do. Nothing is lost with it:
      // a run that nobody leads any more is ended by its lease.
      await Promise.race([orderly, systemClock.sleep(1_500)])
    },
  }
}
