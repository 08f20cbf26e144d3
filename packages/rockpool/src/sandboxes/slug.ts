import { randomInt } from 'node:crypto'

/** Without letters and digits that are taken for each other. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'

/**
 * A new sandbox's slug, such as `harbor-sb-k7m2q9xw`: it says whose it is and what it is, and with eight random places
 * (40 bits) nobody hits one by mistake or guesses one.
 */
export function sandboxSlug(parent: string): string {
  const head = parent.slice(0, 50).replace(/-+$/, '')
  return `${head}-sb-${Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')}`
}
