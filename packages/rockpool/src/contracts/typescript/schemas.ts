import { nameOfReference } from '../references.ts'
import type { Contract, Discriminator, Schema, SchemaObject } from '../types.ts'
import { aliasesOf } from './aliases.ts'
import { circlesIn } from './circles.ts'
import type { Circles } from './circles.ts'
import { declarationsOf, ensures } from './declarations.ts'
import { tagsIn, targetOf, valuesFor } from './discriminators.ts'
import type { Tags } from './discriminators.ts'
import { literals } from './literals.ts'
import { keyOf, quoted } from './names.ts'
import { objectType } from './objects.ts'
import { isBareObject, isNullable, ownType } from './own.ts'
import { heldBy, maxDepth } from './parts.ts'
import { inList, inMember, top } from './places.ts'
import type { Place } from './places.ts'
import { intersection, member, never, nothing, object, record, union, unknown, word } from './type.ts'
import type { Type } from './type.ts'

/** Schemas that become types, over a whole contract; those beyond are `unknown`. */
const maxTypes = 1_000_000
/** As many of them may be written once more, where circles of schemas and required members of others need it. */
const maxRepeated = 20_000
/** Schemas that one `allOf` holds in place; more say nothing. */
const maxBases = 500

const none: ReadonlyMap<string, never> = new Map<string, never>()

/** Stands for a schema within itself, where it says nothing. */
const circle: Type = { ...unknown }

export interface TypeOptions {
  /**
   * What has a default is always there, as openapi-typescript has it. Otherwise it may be missing, as the schema says: a
   * request may leave it out, and so may an answer.
   */
  requireDefaults?: boolean
}

/** The types of a contract's schemas. */
export class SchemaTypes {
  private readonly schemas: ReadonlyMap<string, Schema>
  private readonly circles: Circles
  private readonly tags: Tags
  private readonly aliases: ReadonlyMap<string, string>
  private readonly requireDefaults: boolean
  private types = 0
  private repeated = 0

  /** @param roots the schemas of its operations */
  constructor(contract: Contract, roots: readonly Schema[], options: TypeOptions) {
    this.schemas = contract.schemas
    this.requireDefaults = options.requireDefaults ?? false
    this.circles = circlesIn(contract.schemas)
    this.tags = tagsIn(contract, roots)
    this.aliases = aliasesOf(contract.schemas, this.circles)
  }

  /** The type of a schema that stands in an operation. */
  of(schema: Schema): Type {
    return this.typeOf(schema, { ...top, within: null, through: 'member' })
  }

  /** What the schema of this name is. */
  definition(name: string): Type {
    return this.typeOf(this.schemas.get(name) ?? true, { ...top, within: name }, this.tags.get(name))
  }

  /** The name of the type that holds the definition, where the list of schemas cannot hold it. */
  aliasOf(name: string): string | undefined {
    return this.aliases.get(name)
  }

  private typeOf(schema: Schema, place: Place, tags: ReadonlyMap<string, readonly string[]> = none): Type {
    this.types += 1
    if (typeof schema === 'boolean') return schema ? unknown : never
    if (place.isRepeated && this.repeated++ > maxRepeated) return unknown
    if (place.depth > maxDepth || this.types > maxTypes) return unknown
    const members = withInlineBases(schema)
    if (members === null) return never
    const deeper = { ...place, depth: place.depth + 1 }
    const required = new Set([...members.flatMap((each) => each.required ?? []), ...tags.keys()])
    const fixed = new Map([...tags].map(([name, values]) => [name, literals(values)]))
    let further = this.furtherMembers(members, required, fixed, deeper)
    const among: Place = { ...deeper, beside: [...place.beside, ...members.map(withoutBranches)] }
    const { within, through } = place
    const isWithinCircle = within !== null && through !== 'member' && this.circles.isCircular(within)
    const parts: Type[] = []
    for (const each of members) {
      if (each.$ref !== undefined) parts.push(this.reference(nameOfReference(each.$ref), deeper))
      const ofObject = () => {
        const of = (part: Schema) => this.typeOf(part, inMember(deeper))
        const type = objectType(each, { required, fixed, further, requireDefaults: this.requireDefaults, of })
        further = none
        return type
      }
      const ofItem = (part: Schema) => this.typeOf(part, inList(deeper))
      const own = isBareObject(each) ? null : ownType(each, ofObject, ofItem, isWithinCircle)
      if (own !== null) parts.push(own)
      parts.push(...this.branches(each, among))
    }
    if (further.size > 0) parts.push(object([...further].map(([name, type]) => member(keyOf(name), type))))
    if (parts.length > 0 && parts.every((part) => part === circle)) return circle
    const bare = members.filter(isBareObject)
    const type = parts.length === 0 && bare.length > 0 ? record(unknown) : intersection(parts)
    return bare.some(isNullable) ? union([type, nothing]) : type
  }

  /** What every value has, though none of these schemas declares it here: their bases do, or nothing does. */
  private furtherMembers(
    members: readonly SchemaObject[],
    required: ReadonlySet<string>,
    fixed: ReadonlyMap<string, Type>,
    place: Place,
  ): ReadonlyMap<string, Type> {
    const further = new Map<string, Type>()
    const others = [...members.map(withoutOwn), ...place.beside]
    for (const name of required) {
      if (members.some(({ properties }) => properties !== undefined && Object.hasOwn(properties, name)))
        continue
      const type = fixed.get(name)
      if (type === undefined && others.some((each) => ensures(this.schemas, each, name))) continue
      const declared = new Set(others.flatMap((each) => declarationsOf(this.schemas, each, name)))
      const repeated = { ...inMember(place), isRepeated: true }
      const types = [...declared].map((each) => this.typeOf(each, repeated))
      further.set(name, type ?? (types.length === 0 ? unknown : union(types)))
    }
    return further
  }

  /** What is one of several: `anyOf`, `oneOf`, and `if` with what follows from it. */
  private branches(schema: SchemaObject, place: Place): Type[] {
    const types: Type[] = []
    for (const options of [schema.anyOf, schema.oneOf]) {
      if (options === undefined || options.length === 0) continue
      const areHeirs = place.asBase && options.some((each) => this.isHeir(each, place))
      if (!areHeirs) types.push(this.unionOf(options, schema.discriminator, place))
    }
    const within: Place = { ...place, via: 'union' }
    if (schema.if !== undefined && schema.then !== undefined && schema.else !== undefined) {
      const then = intersection([this.typeOf(schema.if, within), this.typeOf(schema.then, within)])
      types.push(union([then, this.typeOf(schema.else, within)]))
    }
    if (schema.not === true || (typeof schema.not === 'object' && Object.keys(schema.not).length === 0))
      types.push(never)
    return types
  }

  private unionOf(options: readonly Schema[], discriminator: Discriminator | undefined, place: Place): Type {
    const types: Type[] = []
    for (const branch of options) {
      const type = this.typeOf(branch, { ...place, via: 'union' })
      if (type !== circle) types.push(intersection([type, this.tagged(branch, discriminator)]))
    }
    return types.length === 0 ? unknown : union(types)
  }

  /** What this union says of a branch beyond what the branch says itself, as it stands in other unions, too. */
  private tagged(branch: Schema, discriminator: Discriminator | undefined): Type {
    const target = targetOf(branch)
    if (discriminator === undefined || target === null) return unknown
    const all = this.tags.get(target)?.get(discriminator.propertyName) ?? []
    const values = valuesFor(discriminator, target).filter((value) => all.includes(value))
    if (values.length === 0 || values.length === all.length) return unknown
    return object([member(keyOf(discriminator.propertyName), literals(values))])
  }

  private isHeir(branch: Schema, { within }: Place): boolean {
    return (
      within !== null && [...heldBy(branch).keys()].some((name) => this.circles.areComposed(within, name))
    )
  }

  private reference(name: string, place: Place): Type {
    if (!this.schemas.has(name)) return unknown
    const { within, through, via, around } = place
    if (within !== null && through === 'composition') {
      const { areComposed, areUnited } = this.circles
      // A union may refer to what refers back by allOf: there it is written out. What is written out may not refer back.
      const isCircle = via === 'all' || around.length > 0 ? areComposed : areUnited
      if (isCircle(within, name)) {
        if (name === within || around.includes(name)) return circle
        const asBase = place.asBase || via === 'all'
        const copy: Place = { ...place, around: [...around, name], asBase, beside: [], isRepeated: true }
        return this.typeOf(this.schemas.get(name)!, copy, this.tags.get(name))
      }
    }
    const alias = through === 'member' ? undefined : this.aliases.get(name)
    return word(alias ?? `components['schemas'][${quoted(name)}]`)
  }
}

/** A schema, and those that its `allOf` holds in place; null: nothing fits. */
function withInlineBases(schema: SchemaObject): SchemaObject[] | null {
  const members: SchemaObject[] = []
  const queue: Schema[] = [schema]
  const seen = new Set<Schema>()
  for (let at = queue.pop(); at !== undefined && members.length < maxBases; at = queue.pop()) {
    if (at === false) return null
    if (at === true || seen.has(at)) continue
    seen.add(at)
    members.push(at)
    for (const base of (at.allOf ?? []).toReversed()) queue.push(base)
  }
  return members
}

/** What it refers to and what it may be: the rest is what is being written. */
function withoutOwn({ required: _required, allOf: _allOf, ...rest }: SchemaObject): SchemaObject {
  return rest
}

function withoutBranches(schema: SchemaObject): SchemaObject {
  if (schema.oneOf === undefined && schema.anyOf === undefined) return schema
  const { oneOf: _oneOf, anyOf: _anyOf, ...rest } = schema
  return rest
}
