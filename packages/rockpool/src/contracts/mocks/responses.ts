import type { Response } from '../types.ts'

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
