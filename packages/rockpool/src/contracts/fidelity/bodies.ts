import { isObject } from '../json-object.ts'
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
export function writeBody({ name }: MediaType, value: unknown): { type: string; text: string } {
  if (isJson(name))
    return { type: name.includes('*') ? 'application/json' : name, text: JSON.stringify(value) }
  if (typeof value === 'string') return { type: name.includes('*') ? 'text/plain' : name, text: value }
  if (!isForm(name) || !isObject(value)) throw new NotMade(`${name} cannot be made up`)
  const form = new URLSearchParams()
  for (const [key, member] of Object.entries(value as Record<string, Json | undefined>))
    for (const one of Array.isArray(member) ? member : [member]) {
      if (one === undefined || one === null) continue
      if (typeof one === 'object') throw new NotMade(`the field ${key} of its form is nested`)
      form.append(key, String(one))
    }
  return { type: name, text: form.toString() }
}

const isForm = (name: string) => /^application\/x-www-form-urlencoded\b/i.test(name)
