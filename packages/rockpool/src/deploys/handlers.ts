import { handle, type Caller, type Handled } from '../kernel/index.ts'
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
        await deploys[verb](params.service, nameOf(caller))
        return deploys.settled(params.service, patience)
      }),
    ),
  ]
}
