import type { Client, LooseInit, OperationNotes } from './types.ts'
import { unwrap } from './unwrap.ts'

interface LooseClient {
  request(method: string, path: string, init?: LooseInit): Promise<{ response: Response }>
  organization(slug: string): LooseClient
}

/**
 * The client with a method for each operation, grouped as the notes say. `Methods`: their types, which the generator writes.
 * Generated clients are made with it.
 */
export function withMethods<Whole>(client: Client<never>, notes: OperationNotes): Whole {
  return extended(client, notes) as Whole
}

function extended(client: LooseClient, notes: OperationNotes): object {
  const groups: Record<string, Record<string, unknown>> = {}
  for (const [route, { id, group, method: name = id }] of Object.entries(notes)) {
    if (group === undefined) continue
    const space = route.indexOf(' ')
    const [method, path] = [route.slice(0, space), route.slice(space + 1)]
    const run = async (init?: LooseInit) => unwrap(await client.request(method, path, init), id)
    ;(groups[group] ??= {})[name] = Object.assign(run, { operation: id })
  }
  return { ...client, ...groups, organization: (slug: string) => extended(client.organization(slug), notes) }
}
