import type { Environment } from './types.ts'

/** A live key opens production alone, a sandbox key never does. Other credentials tell nothing by their text. */
const environments: ReadonlyMap<string, Environment> = new Map([
  ['live', 'production'],
  ['production', 'production'],
  ['sandbox', 'sandbox'],
])

/** The environment that a credential's prefix tells, `rp_sandbox_…`; null: it tells none. Pure. */
function environmentOf(credential: string): Environment | null {
  const kind = /^rp_([a-z]+)_/.exec(credential)?.[1]
  return kind === undefined ? null : (environments.get(kind) ?? null)
}

/** Why this can be no credential; null: nothing is against it. Pure. */
export const formFault = (credential: string): string | null =>
  /^[\u0021-\u007e]+$/.test(credential) ? null : 'has to be visible ASCII without spaces, and not empty'

/** Why this credential must not be shown there; null: nothing is against it. Pure. */
export function environmentFault(credential: string, environment: Environment | null): string | null {
  const told = environmentOf(credential)
  if (told === null || environment === null || told === environment) return null
  return `is of ${told}, and the client is for ${environment}`
}

/** What was shown for an answer: its text may say it again. */
const shownFor = new WeakMap<Response, string>()

export function keepShown(response: Response, credential: string): void {
  shownFor.set(response, credential)
}

export const shownWith = (response: Response): string | undefined => shownFor.get(response)

/** The text without credentials and tokens, for messages: a service may say again what it was sent. `known`: one of any form. Pure. */
export function withoutSecrets(text: string, known = ''): string {
  return (known === '' ? text : text.replaceAll(known, '…'))
    .replaceAll(/\brp_([a-z]+)_[0-9A-Za-z]+/g, 'rp_$1_…')
    .replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 …')
    .replaceAll(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '(a token)')
}
