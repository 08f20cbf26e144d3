import { delimiterIn, joiningStyle } from '../joined-lists.ts'
import { isObject, member } from '../json-object.ts'
import { isJson } from '../mocks/negotiate.ts'
import type { Body, Json, MediaType } from '../types.ts'
import { NotMade } from './made.ts'

/** The media type that a body is sent as: JSON before forms before texts. @throws NotMade: it takes none of these */
export function chooseBody({ content }: Body): MediaType {
  const chosen =
    content.find(({ name }) => isJson(name)) ??
    content.find(({ name }) => isForm(name)) ??
    content.find(({ name }) => name.toLowerCase().startsWith('text/'))
  if (chosen !== undefined) return chosen
  throw new NotMade(`it takes ${content.map(({ name }) => name).join(', ') || 'no media type'} alone`)
}

/** A body as it is sent. Pure. @throws NotMade: the media type cannot say it */
export function writeBody(media: MediaType, value: unknown): { type: string; text: string } {
  const { name } = media
  const type = (otherwise: string) => (name.includes('*') ? otherwise : name)
  if (isJson(name)) return { type: type('application/json'), text: JSON.stringify(value) }
  if (typeof value === 'string') return { type: type('text/plain'), text: value }
  if (!isForm(name) || !isObject(value)) throw new NotMade(`${name} cannot be made up`)
  const form: string[] = []
  for (const [field, member] of Object.entries(value)) addField(form, media, field, member)
  return { type: name, text: form.join('&') }
}

/** Lists by repeating their name, or joined: as the contract says; what is nested only where it says how (OpenAPI 3.1, 4.8.15). */
function addField(form: string[], { encoding }: MediaType, field: string, value: Json): void {
  const how = member(encoding, field)
  const isDeep = isObject(how) && how['style'] === 'deepObject'
  const joined = joiningStyle(how)
  const put = (key: string, texts: readonly string[], between = ''): void =>
    void form.push(`${encoded(key)}=${texts.map(encoded).join(between)}`)
  const add = (key: string, at: Json | undefined): void => {
    if (at === undefined || at === null) return
    if (typeof at !== 'object') return put(key, [String(at)])
    if (isDeep) return Object.entries(at).forEach(([name, inner]) => add(`${key}[${name}]`, inner))
    if (!Array.isArray(at) || key !== field || at.some((one) => typeof one === 'object'))
      throw new NotMade(`the field ${field} of its form is nested, and nothing says how that is written`)
    if (joined === null) at.forEach((one) => add(key, one))
    else if (at.length > 0) put(key, at.map(String), betweenEncoded(delimiterIn(joined)))
  }
  add(field, value)
}

const isForm = (name: string) => /^application\/x-www-form-urlencoded\b/i.test(name)

/** As forms are (WHATWG URL, 5.2). */
const encoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)

/** A comma of an item is encoded, and one between items is not (RFC 6570 3.2.8). */
const betweenEncoded = (delimiter: string): string => (delimiter === ',' ? delimiter : encoded(delimiter))
