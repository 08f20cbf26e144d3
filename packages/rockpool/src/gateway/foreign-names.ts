// Names of operations in documents that are somebody else's, or of a format that has none.
import { nameOfOperation } from '../contracts/light.ts'
import type { Operation } from '../contracts/light.ts'

export interface ForeignNames {
  /** A name of letters, digits and `_` that was not given before. */
  take(operation: Pick<Operation, 'id' | 'isNamed' | 'method' | 'path'>): string
}

export function createForeignNames(): ForeignNames {
  const taken = new Set<string>()
  return {
    take({ id, isNamed, method, path }) {
      const given = isNamed ? foreignName(id, method, path) : id
      const base = taken.has(given) ? nameOfOperation(method, path) : given
      let name = base
      for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
      taken.add(name)
      return name
    },
  }
}

/** `post-applePay-sessions` becomes `postApplePaySessions`; what is no name at all is made from method and path. */
function foreignName(given: string, method: string, path: string): string {
  const words = given.split(/[^A-Za-z0-9_]+/).filter(Boolean)
  const name = words.map((word, index) => (index === 0 ? word : capital(word))).join('')
  return /^[A-Za-z]/.test(name) ? name : nameOfOperation(method, path)
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
