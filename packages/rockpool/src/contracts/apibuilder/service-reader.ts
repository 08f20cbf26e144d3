import type { Findings } from '../findings.ts'
import { isObject, setMember } from '../json-object.ts'
import type { JsonObject } from '../types.ts'
import { typeReaders } from './declarations.ts'
import type { Reading } from './declarations.ts'
import { checkNode, createReport, objectOf, objectsOf, readDescribed, textOf } from './nodes.ts'
import type { Report } from './nodes.ts'
import type { NodeKind } from './shapes.ts'
import { readHeaders, readResource } from './resources.ts'
import type { Annotation, Import, Resource, Service, ServiceFormat } from './service.ts'
import { mergeTemplates } from './templates.ts'

/** Who the service belongs to, as far as api.json does not say it. */
export interface Owner {
  /** Such as `io.flow`. */
  organizationNamespace?: string
  /** Of the service, such as `1.4.2`. */
  version?: string
}

/** The sections that are objects in api.json, and lists in service.json. */
const sections = ['enums', 'interfaces', 'models', 'unions', 'resources', 'annotations'] as const
type Section = (typeof sections)[number]

export function formatOf(root: JsonObject): ServiceFormat {
  const isWrittenOut = sections.some((section) => Array.isArray(root[section]))
  return isWrittenOut || isObject(root['application']) ? 'service.json' : 'api.json'
}

/** Everything that a document says, written out; nothing is judged yet but the form of its nodes. */
export function readService(
  given: JsonObject,
  findings: Findings,
  owner: Owner,
): { service: Service; report: Report } {
  const report = createReport(formatOf(given), findings)
  const root = report.format === 'api.json' ? mergeTemplates(report, given) : given
  checkNode(report, root, 'service')
  const reading: Reading = { report, enums: [], interfaces: [], models: [], unions: [], made: new Set() }
  for (const kind of ['enum', 'interface', 'model', 'union'] as const)
    for (const { node, name } of nodesIn(report, root, `${kind}s`, 'name'))
      typeReaders[kind](reading, node, name)
  const resources = nodesIn(report, root, 'resources', 'type').map(({ node, name }): Resource =>
    readResource(reading, node, name),
  )
  const name = textOf(root, 'name') ?? ''
  const version = textOf(root, 'version') ?? owner.version ?? ''
  const key = textOf(objectOf(root, 'application') ?? root, 'key') ?? keyOf(name)
  const service: Service = {
    ...readDescribed(report, root),
    name,
    key,
    version,
    namespace: textOf(root, 'namespace') ?? namespaceOf(owner.organizationNamespace, key, version),
    baseUrl: textOf(root, 'base_url'),
    info: readInfo(report, root),
    about: readAbout(root),
    imports: objectsOf(root, 'imports').map((node) => readImport(report, node)),
    headers: readHeaders(reading, root),
    enums: reading.enums,
    interfaces: reading.interfaces,
    models: reading.models,
    unions: reading.unions,
    resources,
    annotations: nodesIn(report, root, 'annotations', 'name').map(({ node, name }): Annotation => {
      checkNode(report, node, 'annotation')
      return { ...readDescribed(report, node), name }
    }),
  }
  return { service, report }
}

/** The nodes of a section, and their names: the members' in api.json, in service.json what each says itself. */
function nodesIn(
  report: Report,
  root: JsonObject,
  section: Section,
  named: string,
): { node: JsonObject; name: string }[] {
  if (report.format === 'service.json')
    return objectsOf(root, section).map((node) => ({ node, name: textOf(node, named) ?? '' }))
  const nodes = objectOf(root, section) ?? {}
  return Object.keys(nodes).flatMap((name) => {
    const node = nodes[name]
    if (isObject(node)) return [{ node, name: name.trim() }]
    return (report.impossible(nodes, 'must be an object', name), [])
  })
}

function readInfo(report: Report, root: JsonObject): JsonObject {
  const info = objectOf(root, 'info')
  if (info === null) return {}
  checkNode(report, info, 'info')
  const read: JsonObject = {}
  for (const part of ['contact', 'license'] as const satisfies NodeKind[]) {
    const node = objectOf(info, part)
    if (node === null) continue
    checkNode(report, node, part)
    setMember(read, part, node)
  }
  return read
}

function readAbout(root: JsonObject): JsonObject {
  const about: JsonObject = {}
  for (const name of ['apidoc', 'organization', 'application'] as const) {
    const value = objectOf(root, name)
    if (value !== null) about[name] = value
  }
  return about
}

function readImport(report: Report, at: JsonObject): Import {
  checkNode(report, at, 'import')
  return { at, uri: textOf(at, 'uri') ?? '', namespace: textOf(at, 'namespace') }
}

function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

/** API Builder's default: the organization's namespace, the words of the key, the major version. */
function namespaceOf(organization: string | undefined, key: string, version: string): string | null {
  if (organization === undefined) return null
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[-_.:/ ]+/)
  const major = /^v?(\d+)(?:\.|$)/.exec(version)?.[1]
  return [organization.trim(), ...words, major === undefined ? '' : `v${major}`]
    .filter((word) => word !== '')
    .join('.')
    .replaceAll(/\.([^a-zA-Z])/g, '$1')
}
