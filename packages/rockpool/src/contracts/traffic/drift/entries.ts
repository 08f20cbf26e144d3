import { isLegalName, plainName } from '../../apibuilder/index.ts'
import type { JsonObject } from '../../types.ts'
import type { Addition } from '../patch/types.ts'
import type { Draft, Entry, Unpatched } from './types.ts'

export interface SettledDraft extends Omit<Draft, 'mending'> {
  mending: Addition[] | Unpatched | null
}

/**
 * Gives each entry its name within its list, so that all of them can be there together: API Builder takes `userId` and
 * `user_id` for one name. What is met at several places becomes one entry that takes all that was seen. Pure.
 */
export function settleEntries(drafts: readonly Draft[]): SettledDraft[] {
  const entries = drafts.flatMap(({ mending }) => (isEntry(mending) ? [mending] : []))
  const same = Map.groupBy(entries, keyOf)
  const lists = new Map<string, Taken>()
  const settled = new Map<string, Addition[] | Unpatched>()
  // What has a name already keeps it, before names are made for the others.
  for (const entry of entries.toSorted((a, b) => Number(isLegalName(b.name)) - Number(isLegalName(a.name)))) {
    const [key, list] = [keyOf(entry), listKeyOf(entry)]
    if (settled.has(key)) continue
    const taken = lists.get(list) ?? takenIn(entry)
    lists.set(list, taken)
    const isOfOneType = same.get(key)!.every(({ type }) => type === entry.type)
    settled.set(key, settle(isOfOneType ? entry : { ...entry, type: 'json' }, taken))
  }
  return drafts.map(({ finding, mending }) => ({
    finding,
    mending: isEntry(mending) ? settled.get(keyOf(mending))! : mending,
  }))
}

function isEntry(mending: Draft['mending']): mending is Entry {
  return mending !== null && 'list' in mending
}

const listKeyOf = ({ document, at, list }: Entry) => JSON.stringify([document.file.name, at, list])
const keyOf = (entry: Entry) => JSON.stringify([listKeyOf(entry), entry.name])

/** Plain names to the names themselves. */
interface Taken {
  names: Map<string, string>
  values: Map<string, string>
}

function takenIn({ names, values }: Entry): Taken {
  const byPlain = (all: readonly string[]) => new Map(all.map((name) => [plainName(name), name]))
  return { names: byPlain(names), values: byPlain(values) }
}

function settle(entry: Entry, { names, values }: Taken): Addition[] | Unpatched {
  const { document, at, list, name, type } = entry
  const plain = plainName(name)
  const other = (type === null ? values : names).get(plain)
  if (other !== undefined) return { reason: `API Builder takes ${name} for the same name as ${other}` }
  const own = type === null ? freeName(name, names) : name
  names.set(plainName(own), own)
  if (type === null) values.set(plain, name)
  return [{ file: document.file.name, at, names: [list, '-'], value: written(entry, own, document.service) }]
}

/** A name that API Builder takes, made of a value on the wire. */
function freeName(value: string, taken: ReadonlyMap<string, string>): string {
  const legal = value.replaceAll(/[^a-zA-Z0-9\-_.]+/g, '_')
  const base = isLegalName(legal) ? legal : `_${legal}`
  let name = base
  for (let count = 2; taken.has(plainName(name)); count += 1) name = `${base}_${count}`
  return name
}

/** With what API Builder itself always writes out in service.json. */
function written(
  { list, name: value, type }: Entry,
  name: string,
  service: Entry['document']['service'],
): JsonObject {
  const isWrittenOut = service === 'service.json'
  if (type === null)
    return { name, ...(isWrittenOut && { attributes: [] }), ...(name !== value && { value }) }
  const location = isWrittenOut ? 'Form' : 'form'
  return {
    name,
    type,
    ...(list === 'parameters' && { location }),
    required: false,
    ...(isWrittenOut && { attributes: [] }),
    ...(isWrittenOut && list === 'fields' && { annotations: [] }),
  }
}
