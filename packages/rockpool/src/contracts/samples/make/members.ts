import type { Schema } from '../../types.ts'
import type { Run } from '../run.ts'
import { Node } from '../shape/node.ts'
import type { Conjunct, Shape } from '../shape/types.ts'

/** What the keywords of objects say together. */
export interface ObjectRules {
  /** Names that are declared or required, in the order of the schema. */
  names: Set<string>
  required: Set<string>
  least: number
  most: number
  /** With a member come others. */
  dependents: ReadonlyMap<string, readonly string[]>
  /** What a name has to be; null: anything. */
  name: Node | null
  /** Patterns of names. */
  patterns: string[]
  /** Nothing is declared: it holds values by names of any kind. */
  isMap: boolean
  /** What holds of a member; null: it is not allowed. */
  member(name: string): Node | null
}

export function objectRulesOf(run: Run, shape: Shape): ObjectRules {
  const { conjuncts } = shape
  const declared = new Set<string>()
  const required = new Set(shape.required)
  const patterns = new Set<string>()
  const names: Schema[] = []
  let isOpen = false
  const dependents = new Map<string, string[]>()
  const rules = { least: 0, most: Infinity, dependents }
  for (const { schema } of conjuncts) {
    for (const name of Object.keys(schema.properties ?? {})) declared.add(name)
    for (const name of schema.required ?? []) required.add(name)
    for (const pattern of Object.keys(schema.patternProperties ?? {})) patterns.add(pattern)
    if (schema.propertyNames !== undefined) names.push(schema.propertyNames)
    isOpen ||=
      typeof schema.additionalProperties === 'object' || typeof schema.unevaluatedProperties === 'object'
    for (const [name, others] of Object.entries(schema.dependentRequired ?? {}))
      for (const other of others) append(dependents, name, other)
    rules.least = Math.max(rules.least, schema.minProperties ?? 0)
    rules.most = Math.min(rules.most, schema.maxProperties ?? Infinity)
  }
  for (const name of shape.members.keys()) declared.add(name)
  return {
    ...rules,
    names: new Set([...declared, ...required, ...[...dependents.values()].flat()]),
    required,
    name: names.length === 0 ? null : names.length === 1 ? run.node(names[0]!) : new Node(names),
    patterns: [...patterns],
    isMap: declared.size === 0 && (isOpen || patterns.size > 0),
    member: membersOf(run, shape),
  }
}

function membersOf(run: Run, shape: Shape): (name: string) => Node | null {
  const known = new Map<string, Node | null>()
  const declaring = new Map<string, Schema[]>()
  for (const { schema } of shape.conjuncts)
    for (const [name, own] of Object.entries(schema.properties ?? {})) append(declaring, name, own)
  const general = shape.conjuncts
    .map((conjunct, index) => ({ conjunct, index }))
    .filter(({ conjunct }) => isGeneral(conjunct))
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const schemas = new Set([...(declaring.get(name) ?? []), ...(shape.members.get(name) ?? [])])
    for (const { conjunct, index } of general)
      for (const schema of generalOf(run, shape.conjuncts, conjunct, index, name)) schemas.add(schema)
    if (shape.deniedMembers.has(name)) schemas.add(false)
    const node = nodeOf(run, schemas)
    // Names beyond those that are declared are without number.
    if (declaring.has(name)) known.set(name, node)
    return node
  }
}

function append<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [value])
  else list.push(value)
}

function nodeOf(run: Run, schemas: Set<Schema>): Node | null {
  if (schemas.has(false)) return null
  schemas.delete(true)
  const [only] = schemas
  return schemas.size === 1 ? run.node(only!) : new Node([...schemas])
}

function isGeneral({ schema }: Conjunct): boolean {
  const { patternProperties, additionalProperties, unevaluatedProperties } = schema
  return (
    patternProperties !== undefined ||
    additionalProperties !== undefined ||
    unevaluatedProperties !== undefined
  )
}

/** What is said of a member otherwise than by its name. */
function generalOf(
  run: Run,
  conjuncts: Conjunct[],
  conjunct: Conjunct,
  index: number,
  name: string,
): Schema[] {
  const { schema, end } = conjunct
  const schemas = matching(run, conjunct, name)
  const isDeclared = Object.hasOwn(schema.properties ?? {}, name) || schemas.length > 0
  if (!isDeclared && schema.additionalProperties !== undefined) schemas.push(schema.additionalProperties)
  if (schema.unevaluatedProperties === undefined) return schemas
  const isEvaluated = conjuncts.slice(index, end).some((inner) => evaluates(run, inner, name))
  return isEvaluated ? schemas : [...schemas, schema.unevaluatedProperties]
}

function evaluates(run: Run, conjunct: Conjunct, name: string): boolean {
  const { properties = {}, additionalProperties } = conjunct.schema
  return (
    additionalProperties !== undefined ||
    Object.hasOwn(properties, name) ||
    matching(run, conjunct, name).length > 0
  )
}

function matching(run: Run, { schema }: Conjunct, name: string): Schema[] {
  const found: Schema[] = []
  for (const [pattern, own] of Object.entries(schema.patternProperties ?? {}))
    if (run.matches(pattern, name)) found.push(own)
  return found
}
