// Names of operations in documents that are somebody else's.

/** `post-applePay-sessions` becomes `postApplePaySessions`; what is no name at all is made from method and path. */
export function foreignName(given: unknown, method: string, path: string): string {
  const words = typeof given === 'string' ? given.split(/[^A-Za-z0-9_]+/).filter(Boolean) : []
  const name = words.map((word, index) => (index === 0 ? word : capital(word))).join('')
  return /^[A-Za-z]/.test(name) ? name : nameOf(method, path)
}

/** `GET /users/{id}/orders` becomes `getUsersByIdOrders`. */
export function nameOf(method: string, path: string): string {
  const words = path.split('/').flatMap((segment) => {
    const parameter = /^\{(.*)\}$/.exec(segment)?.[1]
    return (parameter === undefined ? segment : `by-${parameter}`).split(/[^A-Za-z0-9]+/).filter(Boolean)
  })
  return method + words.map(capital).join('')
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
