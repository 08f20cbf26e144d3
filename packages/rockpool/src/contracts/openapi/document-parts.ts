import type { Findings } from '../findings.ts'
import { isObject, member, setMember } from '../json-object.ts'
import { standsWhere } from '../source/origins.ts'
import type { Contract, JsonObject, SecurityRequirement, Server } from '../types.ts'
import { extensionsOf, listOf, objectOf, textOf, withoutMembers } from './context.ts'
import type { Context } from './context.ts'

const ownOfInfo = new Set(['title', 'version', 'summary', 'description'])

/** Title, version and the rest of `info`. */
export function readInfo({
  root,
  documents,
  findings,
}: Context): Pick<Contract, 'title' | 'version' | 'summary' | 'description' | 'info'> {
  const given = objectOf(root, 'info', findings)
  if (given === null) {
    if (!Object.hasOwn(root, 'info')) findings.warning(root, 'info is missing: title and version')
    return { title: '', version: '', summary: null, description: null, info: {} }
  }
  const info = documents.followed(given, 'description')
  return {
    title: textOf(info, 'title', findings) ?? '',
    version: textOf(info, 'version', findings) ?? '',
    summary: textOf(info, 'summary', findings),
    description: textOf(info, 'description', findings),
    info: { ...withoutMembers(info, ownOfInfo), ...extensionsOf(info) },
  }
}

/** Null: nothing is said. */
export function readServers({ findings }: Context, holder: JsonObject): Server[] | null {
  if (!Object.hasOwn(holder, 'servers')) return null
  const list = listOf(holder, 'servers', findings)
  return list.flatMap((server, index) => {
    if (!isObject(server) || typeof server['url'] !== 'string')
      return (findings.warning(list, 'a server must have a url: it is left out', index), [])
    return [
      standsWhere(
        {
          url: server['url'],
          description: textOf(server, 'description', findings),
          variables: objectOf(server, 'variables', findings) ?? {},
          extensions: extensionsOf(server),
        },
        server,
      ),
    ]
  })
}

/** Stands for what nobody understands: it asks for something that nobody has. */
const unreadable: SecurityRequirement = { unreadable: [] }

/** Null: nothing is said. */
export function readSecurity(
  { findings, foreign }: Context,
  holder: JsonObject,
): SecurityRequirement[] | null {
  const value = member(holder, 'security')
  if (value === undefined) return null
  // What is left out here would open what was meant to be closed.
  const refuse = (at: object, message: string, key: string | number): SecurityRequirement[] => {
    if (foreign) findings.warning(at, `${message}: here it lets nobody in`, key)
    else findings.error(at, message, key)
    return [unreadable]
  }
  if (!Array.isArray(value))
    return refuse(
      holder,
      'security must be a list; an empty one says that no credential is needed',
      'security',
    )
  return value.flatMap((requirement, index) => {
    const read = isObject(requirement) ? readRequirement(requirement, findings) : undefined
    if (read !== undefined) return [read]
    return refuse(value, 'must be an object of schemes, each with a list of scopes', index)
  })
}

/** Undefined: nobody understands it. */
function readRequirement(given: JsonObject, findings: Findings): SecurityRequirement | undefined {
  const requirement: SecurityRequirement = {}
  for (const name of Object.keys(given)) {
    const scopes = given[name]!
    // Many write {} or nothing where a scheme has no scopes. It still asks for the scheme.
    const isEmpty = scopes === null || (isObject(scopes) && Object.keys(scopes).length === 0)
    if (isEmpty) findings.warning(given, `${name} has a list of scopes: write [] where there are none`, name)
    else if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string')) return undefined
    setMember(requirement, name, isEmpty ? [] : (scopes as string[]))
  }
  return standsWhere(requirement, given)
}

export function readSecuritySchemes(
  { documents }: Context,
  schemes: JsonObject | null,
): Map<string, JsonObject> {
  const found = new Map<string, JsonObject>()
  for (const name of Object.keys(schemes ?? {})) {
    const scheme = documents.resolve(schemes![name], schemes!, name)
    if (scheme !== undefined) found.set(name, scheme)
  }
  return found
}

export function readTags({ root, documents, findings }: Context): JsonObject[] {
  const tags = listOf(root, 'tags', findings)
  return tags.flatMap((tag, index) => {
    if (isObject(tag)) return [documents.followed(tag, 'description')]
    return (findings.warning(tags, 'a tag must be an object with a name', index), [])
  })
}
