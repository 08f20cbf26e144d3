import type { Scope } from './scope.ts'
import type { UnionMember, UnionType } from './service.ts'

/** Unions within unions. */
export const maxNesting = 32
/** Types of all unions together, those of nested ones counted each time. */
export const maxMembers = 200_000

export interface UnionVisitor {
  /** A type that is no union. */
  member(member: UnionMember, of: UnionType, home: Scope): void
  nested?(union: UnionType): void
  circle?(): void
  tooDeep?(): void
}

/** The types of a union and of those within it; each union counts once. */
export function walkUnion(union: UnionType, scope: Scope, visitor: UnionVisitor): void {
  const open = new Set<UnionType>()
  const done = new Set<UnionType>()

  function walk(one: UnionType, home: Scope): void {
    open.add(one)
    done.add(one)
    for (const member of one.types) {
      const found = member.type.kind === 'name' ? home.find(member.type.name) : undefined
      if (found?.kind !== 'union') visitor.member(member, one, home)
      else if (open.has(found.type)) visitor.circle?.()
      else if (open.size >= maxNesting) visitor.tooDeep?.()
      else if (!done.has(found.type)) {
        visitor.nested?.(found.type)
        walk(found.type, found.home)
      }
    }
    open.delete(one)
  }

  walk(union, scope)
}
