import type { Origin } from '../types.ts'

/** A text that was read. */
export interface SourceFile {
  /** As the user named it. */
  name: string
  /** Without a byte order mark. */
  text: string
}

/** Where an object or a list stands, and where each of its members does. Indices into the text. */
export interface Place {
  file: SourceFile
  start: number
  /** Names of the members, or null: they are numbered. */
  names: string[] | null
  /** Of a member its name, of an item its value: where it begins. */
  starts: number[]
  /** What it stands in, under which name; null: it is the whole. */
  parent: Place | null
  key: string | number
  /** Numbers and flags that were written otherwise than they are written by themselves, such as 1.10. */
  written?: Map<string | number, string>
}

const places = new WeakMap<object, Place>()
const lineStarts = new WeakMap<SourceFile, number[]>()

export function setPlace(value: object, place: Place): void {
  places.set(value, place)
}

/** What was made of something stands where that stood. Gives what was made. */
export function standsWhere<T extends object>(made: T, source: object): T {
  const place = places.get(source)
  if (place !== undefined) places.set(made, place)
  return made
}

/** The place itself, for who edits the text there; undefined: it was made, and stands in none. */
export function placeOf(value: object): Place | undefined {
  return places.get(value)
}

/** Names and indices that lead from the whole of a text to what stands at a place, outermost first. */
export function keysTo(place: Place): (string | number)[] {
  const keys: (string | number)[] = []
  for (let at = place; at.parent !== null; at = at.parent) keys.push(at.key)
  return keys.reverse()
}

/** Where an object or a list of a document or of a model was read; undefined: nowhere, it was made. */
export function originOf(value: object): Origin | undefined {
  const place = places.get(value)
  if (place === undefined) return undefined
  return { file: place.file.name, line: lineAt(place.file, place.start), pointer: pointerTo(place) }
}

/** The same of one of its members, whether that is an object or not. Of one that is not there: of the object. */
export function originOfMember(value: object, key: string | number): Origin | undefined {
  const place = places.get(value)
  if (place === undefined) return undefined
  const index = place.names === null ? Number(key) : place.names.lastIndexOf(String(key))
  const start = place.starts[index]
  if (start === undefined) return originOf(value)
  const pointer = `${pointerTo(place)}/${escapeToken(String(key))}`
  return { file: place.file.name, line: lineAt(place.file, start), pointer }
}

/** Keeps how a member was written, where its value says less. */
export function keepWritten(
  place: Place | null,
  key: string | number,
  value: unknown,
  written: string | undefined,
): void {
  if (place === null || written === undefined || written === String(value)) return
  if (typeof value !== 'number' && typeof value !== 'boolean') return
  place.written ??= new Map()
  place.written.set(key, written)
}

/** A number or a flag in an object or a list as it was written, for who expects a text: `1.10` is not `1.1`. */
export function textAt(holder: object, key: string | number, value: unknown): string {
  return places.get(holder)?.written?.get(key) ?? String(value)
}

/** Both were made of the same object of a document. */
export function haveOneOrigin(one: object, other: object): boolean {
  const place = places.get(one)
  return place !== undefined && place === places.get(other)
}

/** The file that something was read from. */
export function fileOf(value: object): SourceFile | undefined {
  return places.get(value)?.file
}

/** Line, from 1, of an index into a text. */
export function lineAt(file: SourceFile, index: number): number {
  const starts = startsOf(file)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= index) low = middle
    else high = middle - 1
  }
  return low + 1
}

function startsOf(file: SourceFile): number[] {
  let starts = lineStarts.get(file)
  if (starts !== undefined) return starts
  starts = [0]
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1)
  lineStarts.set(file, starts)
  return starts
}

function pointerTo(place: Place): string {
  let pointer = ''
  for (let at = place; at.parent !== null; at = at.parent)
    pointer = `/${escapeToken(String(at.key))}${pointer}`
  return pointer
}

/** A name as a token of a JSON pointer (RFC 6901 3). */
export function escapeToken(name: string): string {
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name
}

export function unescapeToken(token: string): string {
  return token.includes('~') ? token.replaceAll('~1', '/').replaceAll('~0', '~') : token
}
