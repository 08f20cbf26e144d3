import { isObject, setMember } from '../json-object.ts'
import { unescapeToken } from '../source/origins.ts'
import type { Json } from '../types.ts'
import { canonical } from '../json-equal.ts'
import type { Place } from './place.ts'

/** No list is made longer than this because an item of it is set. */
const longestList = 1_000

interface Branch {
  value: Json | undefined
  members: Map<string, Branch>
}

/** Values that stand at certain places whatever the schema suggests. */
export class Overrides {
  private readonly root: Branch = { value: undefined, members: new Map() }
  private readonly values: Record<string, Json>

  /**
   * Throws for what is no JSON pointer (RFC 6901).
   * @param pointers of other places that have to be there
   */
  constructor(values: Record<string, Json>, pointers: string[] = []) {
    this.values = values
    for (const pointer of pointers) this.branch(pointer)
    for (const [pointer, value] of Object.entries(values)) this.branch(pointer).value = value
  }

  /** Undefined: nothing is set there. */
  valueAt(place: Place): Json | undefined {
    return this.branchAt(place)?.value
  }

  /** Names of members, or numbers of items, that are set, or that something is set in. */
  namesWithin(place: Place): string[] {
    return [...(this.branchAt(place)?.members.keys() ?? [])]
  }

  /** How many items a list needs for what is set in it. */
  lengthWithin(place: Place): number {
    const indices = this.namesWithin(place).filter((token) => /^(?:0|[1-9]\d{0,5})$/.test(token))
    return Math.min(longestList, Math.max(0, ...indices.map((token) => Number(token) + 1)))
  }

  /** A copy of a value with what is set, where its objects and lists lead there; undefined: they do not. */
  appliedTo(value: Json): Json | undefined {
    return apply(value, this.root)
  }

  /** A pointer to a place where something else stands than what is set; undefined: there is none. */
  missingIn(value: Json): string | undefined {
    return Object.keys(this.values).find((pointer) => {
      const found = tokensOf(pointer).reduce<Json | undefined>((at, token) => {
        if (typeof at !== 'object' || at === null || !Object.hasOwn(at, token)) return undefined
        return (at as Record<string, Json>)[token]
      }, value)
      return found === undefined || canonical(found) !== canonical(this.values[pointer]!)
    })
  }

  private branch(pointer: string): Branch {
    if (pointer !== '' && !pointer.startsWith('/')) throw new SyntaxError(`${pointer} is no JSON pointer`)
    let at = this.root
    for (const token of tokensOf(pointer)) {
      const next = at.members.get(token) ?? { value: undefined, members: new Map<string, Branch>() }
      at.members.set(token, next)
      at = next
    }
    return at
  }

  private branchAt(place: Place): Branch | undefined {
    return place.parent === null ? this.root : this.branchAt(place.parent)?.members.get(place.token)
  }
}

function tokensOf(pointer: string): string[] {
  return pointer.split('/').slice(1).map(unescapeToken)
}

function apply(value: Json | undefined, { value: own, members }: Branch): Json | undefined {
  if (own !== undefined || value === undefined) return members.size === 0 ? own : undefined
  if (members.size === 0) return value
  if (Array.isArray(value)) {
    const copy = [...value]
    for (const [token, branch] of members) {
      const made = apply(copy[Number(token)], branch)
      if (made === undefined || !(Number(token) <= copy.length)) return undefined
      copy[Number(token)] = made
    }
    return copy
  }
  if (!isObject(value)) return undefined
  const copy: Record<string, Json> = {}
  for (const [name, member] of Object.entries(value)) setMember(copy, name, member)
  for (const [name, branch] of members) {
    const made = apply(Object.hasOwn(copy, name) ? copy[name] : undefined, branch)
    if (made === undefined) return undefined
    setMember(copy, name, made)
  }
  return copy
}
