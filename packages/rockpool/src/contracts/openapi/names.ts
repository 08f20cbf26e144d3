import type { JsonObject } from '../types.ts'
import type { Context } from './context.ts'

/** Gives each operation an id that no other one has. */
export interface Names {
  /** What a document names stays its name. */
  reserve(operation: JsonObject): void
  take(
    context: Context,
    operation: JsonObject,
    method: string,
    path: string,
  ): { id: string; isNamed: boolean }
}

export function createNames(): Names {
  const reserved = new Set<string>()
  /** And by whom. */
  const taken = new Map<string, string>()

  function make(method: string, path: string): string {
    const base = nameOfOperation(method, path)
    let name = base
    for (let count = 2; taken.has(name) || reserved.has(name); count++) name = `${base}_${count}`
    taken.set(name, `${method} ${path}`)
    return name
  }

  return {
    reserve({ operationId }) {
      if (typeof operationId === 'string') reserved.add(operationId)
    },
    take({ findings }, operation, method, path) {
      const { operationId } = operation
      if (typeof operationId === 'string' && operationId !== '' && !taken.has(operationId)) {
        taken.set(operationId, `${method} ${path}`)
        return { id: operationId, isNamed: true }
      }
      const holder = typeof operationId === 'string' ? taken.get(operationId) : undefined
      const id = make(method, path)
      if (operationId !== undefined)
        findings.warning(
          operation,
          `operationId must be a name that no other operation has${holder === undefined ? '' : `, and ${holder} has it`}: here it is ${id}`,
          'operationId',
        )
      return { id, isNamed: false }
    },
  }
}

/** `GET /users/{id}/orders` becomes `getUsersByIdOrders`. */
export function nameOfOperation(method: string, path: string): string {
  const words = path.split('/').flatMap((segment) => {
    const parameter = /^\{(.*)\}$/.exec(segment)?.[1]
    return (parameter === undefined ? segment : `by-${parameter}`).split(/[^A-Za-z0-9]+/).filter(Boolean)
  })
  return method.toLowerCase().replaceAll(/[^a-z0-9]+/g, '') + words.map(capital).join('')
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
