import { pluralOf } from '../../apibuilder/index.ts'
import { isObject, member } from '../../json-object.ts'
import { isReference, nameOfReference } from '../../references.ts'
import type { Contract, Json, JsonObject, Schema } from '../../types.ts'
import { membersIn } from '../members.ts'
import { isJson } from '../negotiate.ts'
import { jsonSchemaOf, schemasOfMembers } from '../resources.ts'
import { responseFor } from '../responses.ts'
import type { Followed } from './types.ts'

/** What a request and its answer said, as far as a callback may repeat it. */
export interface Said {
  /** By the names of their schemas: what was answered, before what was sent. */
  components: ReadonlyMap<string, Json>
  /** Of the answer; what it has not: of the request. */
  members: JsonObject
  /** Things and their ids: the one that was answered, then those that the path leads through. */
  things: readonly Thing[]
  /** The id of what was answered; undefined: it has none. */
  id: Json | undefined
}

interface Thing {
  /** What it is called, in small letters without `_` and `-`; perhaps in the plural. */
  names: readonly string[]
  id: Json
}

/** Levels of an answer or a request in which schemas with names are looked for. */
const deepest = 6

export function saidBy(contract: Contract, { operation, exchange }: Followed): Said {
  const { request, response, status } = exchange
  const [answer, sent] = [membersIn(response.body()), membersIn(request.body())]
  const answered = jsonSchemaOf(responseFor(operation.responses, status)?.response)
  const components = new Map<string, Json>()
  gather(contract, answered, answer, components)
  gather(contract, operation.body?.content.find(({ name }) => isJson(name))?.schema, sent, components)
  const segments = operation.path.split('/')
  const id = idIn(answer)
  const last = segments.findLast((segment) => segment !== '' && !segment.includes('{')) ?? ''
  const own = [last, answered === undefined ? '' : nameOf(answered)].map(plain).filter(Boolean)
  const inPath = segments.flatMap((segment, index) => {
    const [, parameter] = /^\{([^{}]+)\}$/.exec(segment) ?? []
    const value = parameter === undefined ? undefined : request.path(parameter)
    if (parameter === undefined || value === undefined) return []
    const names = [segments[index - 1] ?? '', parameter.replace(/[_-]?id$/i, '')].map(plain)
    return [{ names: names.filter(Boolean), id: value }]
  })
  const things = [...(id === undefined ? [] : [{ names: own, id }]), ...inPath]
  return { components, members: { ...sent, ...answer }, things, id }
}

/** The id of the thing that a member is the id of: `jobId` and `job_id` of a job. Undefined: it is none, or of another one. */
export function idFor({ things }: Said, name: string): Json | undefined {
  const [, of] = /^(.+)id$/.exec(plain(name)) ?? []
  return of === undefined ? undefined : things.find((thing) => isCalled(thing.names, of))?.id
}

/** A member is what was answered: `job` of a job. */
export function isThing({ things, id }: Said, name: string): boolean {
  return id !== undefined && isCalled(things[0]!.names, plain(name))
}

export function idIn(value: Json | undefined): Json | undefined {
  const id = isObject(value) ? member(value, 'id') : undefined
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}

const isCalled = (names: readonly string[], name: string) =>
  names.some((each) => each === name || each === plain(pluralOf(name)))

const plain = (name: string) => name.replaceAll(/[_-]/g, '').toLowerCase()

const nameOf = (schema: Schema) => (isReference(schema) ? nameOfReference(schema.$ref) : '')

/** Of the values of one schema the outermost one counts. Items of lists are not what it is about. */
function gather(
  contract: Contract,
  schema: Schema | undefined,
  value: Json | undefined,
  into: Map<string, Json>,
): void {
  let level: [Schema, Json][] = schema === undefined || value === undefined ? [] : [[schema, value]]
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1)
    level = level.flatMap(([at, one]) => {
      if (!isObject(one)) return []
      const name = nameOf(at)
      if (name !== '' && !into.has(name) && Object.keys(one).length > 0) into.set(name, one)
      return [...schemasOfMembers(contract, at)].flatMap(([inner, below]): [Schema, Json][] => {
        const found = member(one, inner)
        return found === undefined ? [] : [[below, found]]
      })
    })
}
