import { handle, problem, type Caller, type Handled } from '../kernel/index.ts'
import type { Deploys } from './deploys.ts'
import { getService, listServices, restartService, startService, stopService } from './operations.ts'

const patience = 10_000
const nameOf = ({ member, credential }: Caller) => member ?? credential

/** What the api part mounts. */
export function deploysOperations({ deploys }: { deploys: Deploys }): Handled[] {
  return [
    handle(listServices, async () => ({ items: await deploys.list() })),
    handle(getService, ({ params }) => deploys.get(params.service)),
    ...(
      [
        ['stop', stopService],
        ['start', startService],
        ['restart', restartService],
      ] as const
    ).map(([verb, declared]) =>
      handle(declared, async ({ params, caller }) => {
        await requireStartedHere(deploys, params.service)
        await deploys[verb](params.service, nameOf(caller))
        return deploys.settled(params.service, patience)
      }),
    ),
  ]
}

/** A remote service is not ours to stop. */
async function requireStartedHere(deploys: Deploys, name: string): Promise<void> {
  const { kind, url } = await deploys.get(name)
  if (kind !== 'remote') return
  throw problem(
    'not_possible_here',
    `“${name}” is not started here, and cannot be stopped here: it runs at ${url ?? 'another place'}`,
  )
}
