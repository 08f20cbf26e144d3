import { headerValues } from '../requests/index.ts'
import type { Response } from '../types.ts'
import type { Preference } from './types.ts'

/** Reads `Prefer` (RFC 7240): `code=404`, `example=name`, in any of its fields; what else it prefers is not ours. */
export function readPreference(headers: readonly string[]): Preference {
  const preference: Preference = { status: null, example: null }
  for (const value of headerValues(headers, 'prefer'))
    for (const part of value.split(/[,;]/)) {
      const [name = '', ...rest] = part.split('=')
      const given = rest
        .join('=')
        .trim()
        .replace(/^"(.*)"$/, '$1')
      if (given === '') continue
      if (name.trim().toLowerCase() === 'code') preference.status ??= given
      if (name.trim().toLowerCase() === 'example') preference.example ??= given
    }
  return preference
}

/** A response, and the status that it goes out with. */
export interface Chosen {
  response: Response
  status: number
}

/** The response that is declared for a status: itself, its class, or the default. */
export function responseFor(responses: readonly Response[], status: number): Chosen | undefined {
  const of = (name: string) => responses.find((response) => response.status.toUpperCase() === name)
  const response = of(String(status)) ?? of(`${Math.floor(status / 100)}XX`) ?? of('DEFAULT')
  return response && { response, status }
}

/** What is answered when all goes well: the first success that is declared. Undefined: none is. */
export function successOf(responses: readonly Response[]): Chosen | undefined {
  const response =
    responses.find(({ status }) => /^2\d\d$/.test(status)) ??
    responses.find(({ status }) => status === '2XX') ??
    responses.find(({ status }) => status === 'default') ??
    responses.find(({ status }) => /^[13]\d\d$/.test(status))
  if (response === undefined) return undefined
  const { status } = response
  return { response, status: /^\d+$/.test(status) ? Number(status) : 200 }
}
