import type { Refusal } from '../api/client.ts'

type Finding = Refusal['findings'][number]

export interface Split {
  /** By a field's place: what is wrong with it, as one text. */
  ofFields: ReadonlyMap<string, string>
  /** What no field of the form has; null: nothing is left to say at the form's head. */
  rest: readonly Finding[] | null
}

/**
 * What a refusal says of a form, each finding once: at the field that it is about, or, where there is none, at the head.
 * `places`: of the form's fields, such as `email`. A refusal without findings is about the whole form. Pure.
 */
export function splitFindings(error: Pick<Refusal, 'findings'> | null, places: readonly string[]): Split {
  const ofFields = new Map<string, string>()
  if (!error) return { ofFields, rest: null }
  const rest: Finding[] = []
  for (const finding of error.findings) {
    const place = places.find((at) => finding.path === at || finding.path === `body.${at}`)
    if (place === undefined) rest.push(finding)
    else ofFields.set(place, [ofFields.get(place), finding.message].filter(Boolean).join('; '))
  }
  return { ofFields, rest: rest.length > 0 || ofFields.size === 0 ? rest : null }
}
