import { isObject, member, setMember } from '../json-object.ts'
import { standsWhere } from '../source/origins.ts'
import type { Json, JsonObject } from '../types.ts'
import { checkNode, objectOf, objectsOf, shorten, textOf, textsOf } from './nodes.ts'
import type { Report } from './nodes.ts'
import { mergeModel, mergeResource } from './template-merge.ts'
import { nameInType, readTypeExpression, renameType, writeType } from './type-expression.ts'

/*
 * Templates are merged before anything else is read: what a model or a resource says itself counts more than its template.
 * A template of models becomes an interface, too, of the fields that all who use it have alike.
 *
 *   models ──► merged with templates ──► types renamed ──┐
 *   templates of models ──► interfaces ──────────────────┴─► root without templates
 */

type Section = 'models' | 'resources'
/** Most templates that one node may use, those of its templates among them. */
const maxTemplates = 100

/** The root without templates; itself, where there are none. */
export function mergeTemplates(report: Report, root: JsonObject): JsonObject {
  const templates = objectOf(root, 'templates')
  if (templates === null) return root
  checkNode(report, templates, 'templates')
  const merged: JsonObject = {}
  for (const name of Object.keys(root)) if (name !== 'templates') setMember(merged, name, root[name]!)
  for (const section of ['models', 'resources'] as const) {
    const given = objectOf(root, section)
    if (given !== null) merged[section] = mergeSection(report, given, section, templates)
  }
  merged['interfaces'] = addInterfaces(report, root, merged, objectOf(templates, 'models') ?? {})
  return standsWhere(merged, root)
}

function mergeSection(
  report: Report,
  given: JsonObject,
  section: Section,
  templates: JsonObject,
): JsonObject {
  const merged: JsonObject = {}
  const named = byLowerName(objectOf(templates, section) ?? {})
  for (const name of Object.keys(given)) {
    const node = given[name]!
    setMember(merged, name, isObject(node) ? mergeNode(report, node, name, section, named) : node)
  }
  return standsWhere(merged, given)
}

function mergeNode(
  report: Report,
  node: JsonObject,
  name: string,
  section: Section,
  templates: ReadonlyMap<string, UsedTemplate>,
): JsonObject {
  const casts = new Map<string, string>()
  const used = templatesOf(report, node, name, templates, casts)
  if (used.length === 0) return node
  const merge = section === 'models' ? mergeModel : mergeResource
  const merged = used.reduce<JsonObject>((at, { template }) => merge(at, template), node)
  if (section === 'models') {
    const interfaces = [...textsOf(merged, 'interfaces'), ...used.map((one) => one.name)]
    merged['interfaces'] = [...new Set(interfaces)]
  }
  return renameTypes(merged, casts) as JsonObject
}

interface UsedTemplate {
  name: string
  template: JsonObject
}

/** Those of a node and those of its templates, each once, in the order in which they are merged. */
function templatesOf(
  report: Report,
  node: JsonObject,
  typeName: string,
  templates: ReadonlyMap<string, UsedTemplate>,
  casts: Map<string, string>,
): UsedTemplate[] {
  const used: UsedTemplate[] = []
  const waiting = objectsOf(node, 'templates')
  for (let at = 0; at < waiting.length; at++) {
    const declaration = waiting[at]!
    if (at === maxTemplates) {
      report.impossible(node, `it uses more than ${maxTemplates} templates`, 'templates')
      break
    }
    checkNode(report, declaration, 'template declaration')
    const name = textOf(declaration, 'name') ?? ''
    const found = templates.get(name.toLowerCase())
    if (found === undefined) report.impossible(declaration, `there is no template “${shorten(name)}”`, 'name')
    if (found === undefined || used.includes(found)) continue
    used.push(found)
    addCasts(casts, declaration, found.name, typeName)
    waiting.push(...objectsOf(found.template, 'templates'))
  }
  return used
}

/** Without a cast the template's own name stands for the type that uses it. */
function addCasts(casts: Map<string, string>, declaration: JsonObject, name: string, typeName: string): void {
  const cast = objectOf(declaration, 'cast')
  if (cast === null) casts.set(name, typeName)
  for (const from of Object.keys(cast ?? {})) {
    const to = cast![from]
    if (typeof to === 'string') casts.set(from, to)
  }
}

/** The same with other names in the types of its fields, parameters, bodies and responses. */
function renameTypes(value: Json, casts: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value))
    return standsWhere(
      value.map((item) => renameTypes(item, casts)),
      value,
    )
  if (!isObject(value)) return value
  const renamed: JsonObject = {}
  for (const name of Object.keys(value)) {
    const child = value[name]!
    const isOther = name === 'attributes' || name === 'default'
    const isType = name === 'type' && typeof child === 'string'
    setMember(renamed, name, isType ? renameText(child, casts) : isOther ? child : renameTypes(child, casts))
  }
  return standsWhere(renamed, value)
}

function renameText(written: string, casts: ReadonlyMap<string, string>): string {
  const type = readTypeExpression(written)
  if (type === undefined || !casts.has(nameInType(type))) return written
  return writeType(renameType(type, (name) => casts.get(name) ?? name))
}

function byLowerName(templates: JsonObject): Map<string, UsedTemplate> {
  const named = new Map<string, UsedTemplate>()
  for (const name of Object.keys(templates)) {
    const template = templates[name]
    if (isObject(template)) named.set(name.trim().toLowerCase(), { name, template })
  }
  return named
}

/** Of each template of models an interface. */
function addInterfaces(
  report: Report,
  root: JsonObject,
  merged: JsonObject,
  templates: JsonObject,
): JsonObject {
  const given = objectOf(root, 'interfaces')
  const interfaces: JsonObject = {}
  for (const name of Object.keys(given ?? {})) setMember(interfaces, name, given![name]!)
  const models = objectOf(merged, 'models') ?? {}
  for (const name of Object.keys(templates)) {
    const template = templates[name]
    if (!isObject(template)) report.impossible(templates, 'a template must be an object', name)
    else {
      checkNode(report, template, 'model')
      for (const [section, kind] of [
        [models, 'a model'],
        [interfaces, 'an interface'],
      ] as const)
        if (Object.hasOwn(section, name))
          report.broken(templates, `“${shorten(name)}” is the name of ${kind}, too`, name)
      if (!Object.hasOwn(interfaces, name)) setMember(interfaces, name, interfaceOf(template, name, models))
    }
  }
  return given === null ? interfaces : standsWhere(interfaces, given)
}

function interfaceOf(template: JsonObject, name: string, models: JsonObject): JsonObject {
  const users = Object.values(models).filter(
    (model): model is JsonObject => isObject(model) && textsOf(model, 'interfaces').includes(name),
  )
  const isAlike = (field: JsonObject) =>
    users.every((model) =>
      objectsOf(model, 'fields').some(
        (other) =>
          textOf(other, 'name') === textOf(field, 'name') &&
          JSON.stringify(member(other, 'type')) === JSON.stringify(member(field, 'type')) &&
          (member(other, 'required') ?? true) === (member(field, 'required') ?? true),
      ),
    )
  const made: JsonObject = {}
  for (const own of ['plural', 'description', 'deprecation', 'attributes'] as const)
    if (Object.hasOwn(template, own)) made[own] = template[own]!
  made['fields'] = objectsOf(template, 'fields').filter(isAlike)
  return standsWhere(made, template)
}
