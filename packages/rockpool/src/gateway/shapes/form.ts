import type { Finding } from '../../kernel/index.ts'

/*
 * form       application/x-www-form-urlencoded: pairs of a key and a value
 * key        `a`, `a[b][0][c]`, `a[]`: a name, and the way to a place within its value
 * index      a way through a list. Lists are closed up: `a[5]=x` alone is a list of one
 */

export type FormReading = { ok: true; value: Record<string, unknown> } | { ok: false; findings: Finding[] }

const maxPairs = 1_000
const maxDepth = 8
const maxIndex = 1_000
const maxFindings = 20

/** A place in the value that is made: one kind of the three, by what its keys say. */
interface Place {
  texts: string[]
  fields: Map<string, Place>
  indexes: Map<number, Place>
  /** Of `[]`, in the order in which they came. */
  pushed: Place[]
}

/** Reads a form as the value of JSON that it means. Values stay texts; a key that comes again makes a list. Pure. */
export function readForm(text: string): FormReading {
  const findings: Finding[] = []
  const wrong = (key: string, message: string) => {
    if (findings.length < maxFindings) findings.push({ path: `body.${key.slice(0, 100)}`, message })
  }
  const pairs = text.split('&', maxPairs + 2).filter((pair) => pair !== '')
  if (pairs.length > maxPairs)
    return { ok: false, findings: [{ path: 'body', message: `has more than ${maxPairs} fields` }] }
  const root = newPlace()
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    const key = decode(equals < 0 ? pair : pair.slice(0, equals))
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1))
    if (key === undefined || value === undefined) wrong(pair, 'is not percent-encoded UTF-8')
    else {
      const way = readKey(key)
      if (typeof way === 'string') wrong(key, way)
      else follow(root, way).texts.push(value)
    }
  }
  const value = findings.length === 0 ? toObject(root, '', wrong) : {}
  return findings.length === 0 ? { ok: true, value } : { ok: false, findings }
}

/** The steps of a key; or what is wrong with it. */
function readKey(key: string): string[] | string {
  const [, name, rest = ''] = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key) ?? []
  if (name === undefined) return 'is no name with places in brackets, such as a, a[b], a[0][b] or a[]'
  const steps = [name, ...[...rest.matchAll(/\[([^[\]]*)\]/g)].map(([, step]) => step!)]
  if (steps.length > maxDepth) return `is deeper than ${maxDepth} levels`
  if (steps.some((step, at) => at > 0 && /^\d+$/.test(step) && Number(step) > maxIndex))
    return `has an index above ${maxIndex}`
  // Whoever copies such a value into an object of its own would change what all objects have.
  if (
    steps.some(
      (step, at) => step === '__proto__' || (step === 'prototype' && steps[at - 1] === 'constructor'),
    )
  )
    return 'is a name that no field may have'
  return steps
}

function follow(root: Place, [name, ...steps]: readonly string[]): Place {
  let place = childOf(root.fields, name!)
  for (const step of steps) {
    if (step === '') {
      const next = newPlace()
      place.pushed.push(next)
      place = next
    } else place = /^\d+$/.test(step) ? childOf(place.indexes, Number(step)) : childOf(place.fields, step)
  }
  return place
}

function toValue(place: Place, key: string, wrong: (key: string, message: string) => void): unknown {
  const { texts, fields, indexes, pushed } = place
  const isList = indexes.size > 0 || pushed.length > 0
  if (fields.size > 0 && (isList || texts.length > 0)) {
    wrong(key, 'is an object in one place, and a list or a text in another')
    return null
  }
  if (fields.size > 0) return toObject(place, key, wrong)
  if (!isList) return texts.length === 1 ? texts[0] : texts
  const sorted = [...indexes].toSorted(([one], [other]) => one - other).map(([, item]) => item)
  return [...texts, ...[...sorted, ...pushed].map((item) => toValue(item, `${key}[]`, wrong))]
}

function toObject(
  { fields }: Place,
  key: string,
  wrong: (key: string, message: string) => void,
): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>
  for (const [name, place] of fields)
    object[name] = toValue(place, key === '' ? name : `${key}[${name}]`, wrong)
  return object
}

function childOf<Key>(places: Map<Key, Place>, key: Key): Place {
  const known = places.get(key)
  if (known) return known
  const made = newPlace()
  places.set(key, made)
  return made
}

function newPlace(): Place {
  return { texts: [], fields: new Map(), indexes: new Map(), pushed: [] }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
