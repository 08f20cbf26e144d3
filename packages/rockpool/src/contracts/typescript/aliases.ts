import type { Schema } from '../types.ts'
import type { Circles } from './circles.ts'
import { isTypeName } from './names.ts'

/** Names of types for the schemas of circles: a list of schemas cannot hold itself, a type of its own can. */
export function aliasesOf(schemas: ReadonlyMap<string, Schema>, circles: Circles): Map<string, string> {
  const aliases = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of schemas.keys()) {
    if (!circles.isCircular(name)) continue
    let alias = name.replaceAll(/[^\w$]+/g, '_').replace(/^(?=\d)/, '_')
    while (!isTypeName(alias) || (alias !== name && schemas.has(alias)) || taken.has(alias)) alias += '_'
    taken.add(alias)
    aliases.set(name, alias)
  }
  return aliases
}
