import type { Json, Schema } from '../../types.ts'
import type { Step } from './types.ts'

/** What has to hold of one value: all of these schemas. */
export class Node {
  readonly schemas: readonly Schema[]
  /** Where gathering them begins, once that was done. */
  start: Step | undefined
  /** Examples and defaults that are valid, once they were looked for. */
  examples: readonly Json[] | undefined

  /** What can be told without gathering, once it was asked. */
  traits: Traits | undefined

  constructor(schemas: readonly Schema[]) {
    this.schemas = schemas
  }
}

export interface Traits {
  /** How deep its values are at least; Infinity: none ends. */
  height: number
  /** Its values have members or items. */
  isComposite: boolean
  isReadOnly: boolean
  isWriteOnly: boolean
}

/** The node of one schema is always the same one: what is learned of it is kept. */
export function createNodes(): (schema: Schema) => Node {
  const nodes = new WeakMap<object, Node>()
  return (schema) => {
    if (typeof schema === 'boolean') return new Node([schema])
    let node = nodes.get(schema)
    if (node === undefined) nodes.set(schema, (node = new Node([schema])))
    return node
  }
}
