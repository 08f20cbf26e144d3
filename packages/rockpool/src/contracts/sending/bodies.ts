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
  const form = new URLSearchParams()
  for (const [field, member] of Object.entries(value)) addField(form, media, field, member)
  return { type: name, text: form.toString() }
}

/** Lists by repeating their name; what is nested only where the contract says how (OpenAPI 3.1, 4.8.15). */
function addField(form: URLSearchParams, { encoding }: MediaType, field: string, value: Json): void {
  const how = member(encoding, field)
  const isDeep = isObject(how) && how['style'] === 'deepObject'
  const add = (key: string, at: Json | undefined): void => {
    if (at === undefined || at === null) return
    if (typeof at !== 'object') return form.append(key, String(at))
    if (isDeep) for (const [name, inner] of Object.entries(at)) add(`${key}[${name}]`, inner)
    else if (Array.isArray(at) && key === field && at.every((one) => typeof one !== 'object'))
      for (const one of at) add(key, one)
    else throw new NotMade(`the field ${field} of its form is nested, and nothing says how that is written`)
  }
  add(field, value)
}

const isForm = (name: string) => /^application\/x-www-form-urlencoded\b/i.test(name)
