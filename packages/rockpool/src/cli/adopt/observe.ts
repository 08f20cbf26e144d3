import { isSensitiveName, redactText } from '../../checks/index.ts'
import { access, literal, quote } from './code.ts'
import { isObject } from './json.ts'
import { looksSecret } from './secret-finder.ts'

/*
 * Two answers to the same call: what is the same in both is asserted by its value, what differs by its type or its form,
 * what nobody may read by its type alone.
 */

export interface Seen {
  status: number
  /** Media type without parameters; '' where there is none. */
  type: string
  /** Parsed where it is JSON, else the text. */
  body: unknown
  /** Milliseconds since 1970, when it came. */
  at: number
}

/** How the check's code calls the parts of its answer. */
export interface Names {
  status: string
  contentType: string
  body: string
}

const most = { values: 40, types: 20, depth: 8 }
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Statements that hold for both answers. `isHidden`: a text that must not stand in a file. Pure. */
export function assertionsOf(
  first: Seen,
  second: Seen,
  names: Names,
  isHidden: (text: string) => boolean,
): string[] {
  const lines = [
    first.status === second.status
      ? `expect(${names.status}).toBe(${first.status})`
      : `expect(${names.status}).toBeOneOf([${first.status}, ${second.status}])`,
  ]
  if (first.type !== '' && first.type === second.type && first.status === second.status)
    lines.push(`expect(${names.contentType}).toContain(${quote(first.type)})`)
  if (first.status !== second.status) return lines
  const walk: Walk = { lines: [], values: 0, isHidden, since: Math.min(first.at, second.at) }
  const stable = compare(walk, first.body, second.body, { code: names.body, label: '', name: '', depth: 0 })
  if (isObject(stable) && Object.keys(stable).length > 0)
    lines.push(`expect(${names.body}).toMatchObject(${literal(stable, '  ')})`)
  else if (stable !== undefined && !isObject(stable))
    lines.push(`expect(${names.body}).toBe(${literal(stable)})`)
  return [...lines, ...walk.lines.slice(0, most.types)]
}

interface Walk {
  lines: string[]
  values: number
  isHidden: (text: string) => boolean
  since: number
}

interface Spot {
  /** The expression that leads here, for people its path, and the last name on the way. */
  code: string
  label: string
  name: string
  depth: number
}

/** What is the same in both, as a tree for toMatchObject; undefined: nothing is. The rest goes to `walk.lines`. */
function compare(walk: Walk, one: unknown, other: unknown, spot: Spot): unknown {
  if (spot.depth > most.depth) return undefined
  if (Array.isArray(one) && Array.isArray(other)) {
    walk.lines.push(`expect(Array.isArray(${spot.code})${labelled(spot, 'is a list')}).toBe(true)`)
    const [a, b] = [one[0] as unknown, other[0] as unknown]
    // Of a list only the form is held to: what it has in it comes and goes.
    if (isObject(a) && isObject(b)) {
      for (const name of Object.keys(a)
        .filter((key) => Object.hasOwn(b, key) && isPlainName(walk, key))
        .slice(0, 5))
        if (typeOf(a[name]) === typeOf(b[name]))
          sayType(walk, a[name], inside(spot, name, `[0]${access(name)}`))
    }
    return undefined
  }
  if (isObject(one) && isObject(other)) {
    const tree: Record<string, unknown> = {}
    for (const name of Object.keys(one)) {
      if (!Object.hasOwn(other, name) || name === '__proto__' || !isPlainName(walk, name)) continue
      const stable = compare(walk, one[name], other[name], inside(spot, name, access(name)))
      if (stable !== undefined) tree[name] = stable
    }
    return Object.keys(tree).length > 0 ? tree : undefined
  }
  if (one === other && isStable(walk, one, spot) && walk.values < most.values) {
    walk.values++
    return one
  }
  if (typeOf(one) === typeOf(other)) sayType(walk, one, spot)
  return undefined
}

const inside = (spot: Spot, name: string, code: string): Spot => ({
  code: spot.code + code,
  label: spot.label === '' ? name : `${spot.label}.${name}`,
  name,
  depth: spot.depth + 1,
})

/** A name may be somebody's key, too. */
const isPlainName = ({ isHidden }: Walk, name: string) =>
  name.length <= 100 && !isHidden(name) && redactText(name) === name && !looksSecret(name)

/** The same in both, and likely tomorrow: no time of these minutes, and nothing that nobody may read. */
function isStable({ isHidden, since }: Walk, value: unknown, { name }: Spot): boolean {
  if (value === undefined) return false
  if (name !== '' && isSensitiveName(name)) return false
  if (typeof value === 'number')
    return Math.abs(value - since) > 86_400_000 && Math.abs(value * 1_000 - since) > 86_400_000
  if (typeof value !== 'string') return true
  if (time.test(value) && Math.abs(Date.parse(value) - since) < 3_600_000) return false
  return value.length <= 200 && !isHidden(value) && redactText(value) === value && !looksSecret(value)
}

function sayType(walk: Walk, value: unknown, spot: Spot): void {
  if (value === null || value === undefined) return
  if (Array.isArray(value))
    walk.lines.push(`expect(Array.isArray(${spot.code})${labelled(spot, 'is a list')}).toBe(true)`)
  else if (typeof value === 'string' && uuid.test(value))
    walk.lines.push(`expect(${spot.code}${labelled(spot, '')}).toMatch(/^[0-9a-f-]{36}$/i)`)
  else if (typeof value === 'string' && time.test(value))
    walk.lines.push(
      `expect(${spot.code}${labelled(spot, '')}).toMatch(/^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d/)`,
    )
  else walk.lines.push(`expect(typeof ${spot.code}${labelled(spot, '')}).toBe(${quote(typeof value)})`)
}

function labelled({ label }: Spot, what: string): string {
  const text = [label || 'the body', what].filter(Boolean).join(' ')
  return label === '' && what === '' ? '' : `, ${quote(text)}`
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value
}
