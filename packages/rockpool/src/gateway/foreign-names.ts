// Names of operations in documents that are somebody else's.
import { nameOfOperation } from '../contracts/light.ts'

/** `post-applePay-sessions` becomes `postApplePaySessions`; what is no name at all is made from method and path. */
export function foreignName(given: unknown, method: string, path: string): string {
  const words = typeof given === 'string' ? given.split(/[^A-Za-z0-9_]+/).filter(Boolean) : []
  const name = words.map((word, index) => (index === 0 ? word : capital(word))).join('')
  return /^[A-Za-z]/.test(name) ? name : nameOfOperation(method, path)
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
