import { Findings } from '../findings.ts'
import { isObject } from '../json-object.ts'
import type { JsonObject } from '../types.ts'
import type { Report } from './nodes.ts'
import { Scope, tellAbsent } from './scope.ts'
import type { Import, Service } from './service.ts'
import { readService } from './service-reader.ts'

/** The service.json that stands at a URI; undefined: nobody has it. */
export type GiveImport = (uri: string) => JsonObject | undefined

/** Services that one may import, those of its imports among them. */
const maxServices = 200

/** Finds what a service imports, and what that imports in turn; each once, whoever imports it. */
export function scopeWithImports(
  service: Service,
  report: Report,
  { give, faultOf }: { give: GiveImport; faultOf: (uri: string) => string | undefined },
): Scope {
  const scopes = new Map<string, Scope | null>()

  function scopeOf(one: Service, uri: string | null, at: object | null): { scope: Scope; absent: Import[] } {
    const imported: Scope[] = []
    const absent: Import[] = []
    const scope = new Scope(one, imported, absent)
    // Services may import each other.
    if (uri !== null) scopes.set(uri, scope)
    for (const wanted of one.imports) {
      const found = scopes.has(wanted.uri) ? scopes.get(wanted.uri)! : load(wanted.uri, at ?? wanted.at)
      if (found === null) absent.push(wanted)
      else if (!imported.includes(found)) imported.push(found)
    }
    return { scope, absent }
  }

  /** `at`: the import of the root that leads there. */
  function load(uri: string, at: object): Scope | null {
    const node = scopes.size < maxServices ? give(uri) : undefined
    if (node === undefined) {
      const reason = faultOf(uri)
      if (reason !== undefined) report.impossible(at, `${uri} cannot be read: ${reason}`, 'uri')
      scopes.set(uri, null)
      return null
    }
    const findings = new Findings()
    const imported = readService(node, findings, {})
    const fault = findings.all.find(({ level }) => level === 'error')
    if (fault !== undefined)
      report.impossible(at, `${uri} cannot be read: ${fault.path}: ${fault.message}`, 'uri')
    return scopeOf(imported.service, uri, at).scope
  }

  const { scope, absent } = scopeOf(service, null, null)
  tellAbsent(
    report,
    absent.filter(({ uri }) => faultOf(uri) === undefined),
  )
  return scope
}

/** URIs of the services that a document imports, as far as it says any. */
export function urisOfImports(root: JsonObject): string[] {
  const { imports } = root
  if (!Array.isArray(imports)) return []
  return imports.flatMap((one) => (isObject(one) && typeof one['uri'] === 'string' ? [one['uri']] : []))
}
