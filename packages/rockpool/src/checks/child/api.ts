import type { Api, OperationRequest } from '../authoring/types.ts'
import { near } from '../../kernel/light.ts'
import type { AttemptContext } from './context.ts'
import { createCall } from './call.ts'
import { Misuse } from './errors.ts'

/** `api.<service>.<operationId>(request)`, as the contracts name them; of a mocked service, the version that is mocked. An unknown name is refused where it stands. */
export function createApi(context: AttemptContext): Api {
  const { catalogue } = context.order
  return named('service', catalogue, (service, operations) =>
    named(
      `operation of ${service}`,
      context.mocked.get(service) ?? operations,
      (operation, { method, path }) => {
        const target = { service, operation, method, path }
        return (request?: OperationRequest) => createCall(context, target, request)
      },
    ),
  ) as Api
}

/** An object whose properties are the entries of `known`, and which refuses any other name with those that are near. */
function named<T>(
  what: string,
  known: Record<string, T>,
  make: (name: string, value: T) => unknown,
): unknown {
  return new Proxy(Object.create(null) as object, {
    get(_, name) {
      // `await api` asks for `then`, printing for symbols and toJSON: that is not a mistake of the author.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
      if (Object.hasOwn(known, name)) return make(name, known[name]!)
      throw new Misuse(`there is no ${what} named “${name}”; ${near(name, Object.keys(known))}`)
    },
    has: (_, name) => typeof name === 'string' && Object.hasOwn(known, name),
    ownKeys: () => Object.keys(known),
    getOwnPropertyDescriptor: (_, name) =>
      typeof name === 'string' && Object.hasOwn(known, name)
        ? { enumerable: true, configurable: true }
        : undefined,
  })
}
