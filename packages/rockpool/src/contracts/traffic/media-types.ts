import { canonicalMediaType, takesIn } from '../differences/index.ts'
import type { MediaType } from '../types.ts'

/** Of those that are declared, the one that says most of what was sent. */
export function mediaTypeOf(content: readonly MediaType[], given: string): MediaType | undefined {
  const plain = plainMediaType(given)
  return (
    content.find(({ name }) => canonicalMediaType(name) === canonicalMediaType(given)) ??
    content.find(({ name }) => plainMediaType(name) === plain) ??
    content.filter(({ name }) => takesIn(name, given)).sort((a, b) => stars(a.name) - stars(b.name))[0]
  )
}

function stars(name: string): number {
  return name.split('*').length
}

/** Without parameters, and bounded: it comes from whoever answers. Null: it is none. */
export function plainMediaType(name: string): string | null {
  const plain = name.split(';')[0]!.trim().toLowerCase()
  return /^[\w!#$&^.+*-]{1,60}\/[\w!#$&^.+*-]{1,60}$/.test(plain) ? plain : null
}
