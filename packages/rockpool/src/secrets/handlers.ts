import { handle } from '../kernel/index.ts'
import type { Handled } from '../kernel/index.ts'
import { listSecrets, removeSecret, setSecret } from './operations.ts'
import type { Secrets } from './secrets.ts'

/** What the api part mounts. */
export function secretsOperations({ secrets }: { secrets: Secrets }): Handled[] {
  return [
    handle(listSecrets, async () => ({ items: await secrets.list() })),
    handle(setSecret, ({ params, body, caller }) =>
      secrets.set(params.secret, body.value, caller.member ?? caller.credential, body.replace),
    ),
    handle(removeSecret, ({ params }) => secrets.remove(params.secret)),
  ]
}
