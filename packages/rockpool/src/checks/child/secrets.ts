import type { Secrets } from '../authoring/types.ts'
import { Misuse } from './errors.ts'
import { Obstructed } from './obstructed.ts'
import type { Order } from './protocol.ts'

/** `secrets.NAME`. A value that is not there stops the check as uncheckable: nothing is said about the system. */
export function createSecretsFixture({ secrets = { values: {}, missing: {} } }: Order): Secrets {
  return new Proxy(Object.create(null) as Record<string, string>, {
    get(_, name) {
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
      if (Object.hasOwn(secrets.values, name)) return secrets.values[name]
      if (Object.hasOwn(secrets.missing, name)) throw new Obstructed(secrets.missing[name]!, { retry: false })
      throw new Misuse(
        `write secrets.${/^[A-Z][A-Z0-9_]*$/.test(name) ? name : 'NAME'} in the check’s file: only the secrets whose names stand there are handed to it`,
      )
    },
    has: (_, name) => typeof name === 'string' && Object.hasOwn(secrets.values, name),
    // What is printed whole says which there are, and no value.
    ownKeys: () => [],
  })
}
