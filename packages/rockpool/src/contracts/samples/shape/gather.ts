import { nameOfReference } from '../../references.ts'
import type { Schema, SchemaObject } from '../../types.ts'
import { Impossible } from '../impossible.ts'
import { branchesOf, heirsOf } from './branches.ts'
import { deny } from './deny.ts'
import type { Names } from './names.ts'
import { shapeOf } from './shape.ts'
import type { Branch, ChoicePoint, Gathered, Step } from './types.ts'

const deepest = 400
const mostConjuncts = 20_000
/** Beyond so many in one node the first branch is taken. */
const mostChoices = 100

/**
 * Takes a schema apart into what has to hold at once: `allOf` and references are followed; of `anyOf`, `oneOf`, `if` and
 * `dependentSchemas` the branches are taken that `picks` names, in the order in which they are met. What remains
 * undecided, such as most of `not`, is left to validation.
 */
export function gather(schemas: readonly Schema[], picks: readonly number[], names: Names): Step {
  const gathering = new Gathering(picks, names)
  for (const schema of schemas) gathering.add(schema)
  return gathering.end()
}

class Gathering {
  readonly result: Gathered = {
    conjuncts: [],
    names: [],
    labels: [],
    deniedValues: [],
    deniedTypes: new Set(),
    deniedMembers: new Set(),
    members: new Map(),
    required: new Set(),
  }
  readonly names: Names
  private readonly picks: readonly number[]
  private picked = 0
  private depth = 0
  private readonly within: string[] = []
  private stop: ChoicePoint | Impossible | null = null

  constructor(picks: readonly number[], names: Names) {
    this.picks = picks
    this.names = names
  }

  end(): Step {
    if (this.stop instanceof Impossible) return this.stop
    // A contradiction shows before all branches have been taken.
    const shape = shapeOf(this.result)
    return shape instanceof Impossible ? shape : (this.stop ?? shape)
  }

  add(schema: Schema): void {
    if (this.stop !== null || schema === true) return
    if (schema === false) return this.refuse('nothing is allowed here')
    const { conjuncts } = this.result
    if (this.depth > deepest || conjuncts.length > mostConjuncts)
      return this.refuse('the schema is nested too deep')
    this.depth += 1
    const conjunct = { schema, end: 0 }
    conjuncts.push(conjunct)
    this.parts(schema)
    conjunct.end = conjuncts.length
    this.depth -= 1
  }

  private parts(schema: SchemaObject): void {
    if (schema.$ref !== undefined) this.named(nameOfReference(schema.$ref), this.names.target(schema.$ref))
    for (const part of schema.allOf ?? []) this.add(part)
    const heirs = schema.discriminator && heirsOf(schema, this.around(), this.names)
    if (heirs !== undefined) this.choose('discriminator', heirs)
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const branches = schema[keyword]
      if (branches === undefined) continue
      if (branches.length === 0) this.refuse(`${keyword} has no branch`)
      else this.choose(keyword, branchesOf(schema, branches, this.names))
    }
    this.conditions(schema)
    if (schema.not !== undefined) deny(schema.not, this)
  }

  private conditions(schema: SchemaObject): void {
    const { if: condition, then: yes = true, else: no = true } = schema
    if (condition !== undefined && (yes !== true || no !== true)) {
      const branches = [
        { schemas: [condition, yes], denied: [], labels: ['then'] },
        { schemas: [no], denied: [condition], labels: ['else'] },
      ]
      this.choose('if', branches)
    }
    for (const [name, dependent] of Object.entries(schema.dependentSchemas ?? {})) {
      const branches = [
        { schemas: [dependent], denied: [], labels: [] },
        { schemas: [], denied: [{ required: [name] }], labels: [] },
      ]
      this.choose('dependentSchemas', branches)
    }
  }

  private named(name: string, schema: Schema): void {
    // What is being gathered already says nothing more by being named again.
    if (this.within.includes(name)) return
    this.within.push(name)
    this.result.names.push(name)
    this.add(schema)
    this.within.pop()
  }

  /** Names of the schemas that what is being gathered is part of, the outermost first. */
  private around(): string[] {
    const open = this.result.conjuncts.filter(({ end }) => end === 0)
    return open.map(({ schema }) => this.names.nameOf(schema)).filter((name) => name !== undefined)
  }

  private choose(keyword: ChoicePoint['keyword'], branches: Branch[]): void {
    if (this.stop !== null) return
    const pick = this.picked >= mostChoices ? 0 : this.picks[this.picked]
    this.picked += 1
    if (pick === undefined) {
      this.stop = { kind: 'choice', keyword, branches, next: [], open: undefined }
      return
    }
    const branch: Branch = branches[pick]!
    this.result.labels.push(...branch.labels)
    for (const schema of branch.schemas) this.add(schema)
    for (const denied of branch.denied) deny(denied, this)
  }

  refuse(reason: string): void {
    this.stop ??= new Impossible(reason)
  }
}
