import { delimiterIn, joiningStyle } from '../joined-lists.ts'
import { isObject, member } from '../json-object.ts'
import { escapeToken } from '../source/origins.ts'
import type { Json, JsonObject, Schema } from '../types.ts'
import type { Context } from './context.ts'
import { nestFields } from './fields.ts'
import type { Field } from './fields.ts'
import type { Fault } from './judge.ts'
import { isJson, readContentType } from './media-types.ts'
import { decodeForm, mostPairs, splitPairs } from './pairs.ts'
import { badEncoding, delimiterOf } from './styles.ts'
import { readJsonText } from './texts.ts'
import type { Value } from './types.ts'

/** What the text of a form makes, before the contract's types are known; with faults it is not to be judged. */
export interface FormReading {
  value: { [name: string]: Value }
  faults: Fault[]
}

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1).
 * @param encoding of its fields (OpenAPI 3.1, 4.8.15)
 */
export function readFormText(
  text: string,
  schema: Schema,
  encoding: JsonObject,
  context: Context,
): FormReading {
  const pairs = splitPairs(text)
  if (pairs === null)
    return { value: {}, faults: [{ path: '', rule: `has more than ${mostPairs} fields`, keyword: 'effort' }] }
  const fields: Field[] = []
  const faults: Fault[] = []
  for (const { name, raw } of pairs) {
    const written = readEncoding(encoding, name)
    // A list with nothing in it is a pair, too.
    const parts = written.delimiter === null || raw === '' ? [raw] : raw.split(written.delimiter)
    for (const part of parts) {
      const value = decodeForm(part)
      const path = `/${escapeToken(name)}`
      if (value === undefined) faults.push({ path, rule: badEncoding, keyword: 'syntax' })
      else fields.push(fieldOf(name, value, written.isJson, faults))
    }
  }
  return nested(fields, faults, schema, context)
}

/** Fields as one object, with what is wrong with them. */
export function nested(
  fields: readonly Field[],
  faults: Fault[],
  schema: Schema,
  { shapes }: Context,
): FormReading {
  const { value, faults: wrong } = nestFields(fields, schema, shapes)
  return {
    value,
    faults: [...faults, ...wrong.map(({ path, message }) => ({ path, rule: message, keyword: 'syntax' }))],
  }
}

/** A field whose text may be a document of its own. */
export function fieldOf(key: string, text: string, isWrittenInJson: boolean, faults: Fault[]): Field {
  if (!isWrittenInJson) return { key, value: text }
  const { value, faults: wrong } = readJsonText(text)
  for (const fault of wrong)
    faults.push({ path: `/${escapeToken(key)}`, rule: `is no good JSON: ${fault}`, keyword: 'syntax' })
  return { key, value }
}

/** How a field is written, as far as it is not as forms are: `plainDelimiter` where nothing is percent-encoded. */
export function readEncoding(
  encoding: JsonObject,
  name: string,
): { delimiter: RegExp | null; plainDelimiter: string | null; isJson: boolean } {
  const given: Json | undefined = member(encoding, name)
  if (!isObject(given)) return { delimiter: null, plainDelimiter: null, isJson: false }
  const { contentType } = given
  const style = joiningStyle(given)
  return {
    delimiter: style === null ? null : delimiterOf(style),
    plainDelimiter: style === null ? null : delimiterIn(style),
    // Where it says how the field is written by style, that counts (OpenAPI 3.1, 4.8.15.1).
    isJson:
      typeof contentType === 'string' &&
      given['style'] === undefined &&
      isJson(readContentType(contentType)?.name ?? ''),
  }
}
