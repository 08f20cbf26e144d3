import { setMember } from '../json-object.ts'
import type { Extensions, Json } from '../types.ts'
import type { Described } from './service.ts'

/** Members `x-rockpool-<name>`, of those that say anything: what is null, or an empty list or object, says nothing. */
export function extensionsOf(members: Readonly<Record<string, Json | undefined>>): Extensions {
  const extensions: Extensions = {}
  for (const [name, value] of Object.entries(members))
    if (says(value)) setMember(extensions, `x-rockpool-${name}`, value)
  return extensions
}

function says(value: Json | undefined): value is Json {
  if (value === undefined || value === null) return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

/** What OpenAPI has no word for, of nearly everything: the words of a deprecation, and attributes. */
export function extensionsOfDescribed({ deprecation, attributes }: Described): Extensions {
  return extensionsOf({ deprecation, attributes })
}
