import type { Item } from '@rockpool/client/control'
import type { Shape } from '../components/verdict.tsx'

export type SandboxItem = Item<'GET /sandboxes'>

export const states = ['active', 'deleting', 'residue', 'deleted'] as const
export type SandboxState = (typeof states)[number]

export const shapeOfState: Record<SandboxState, Shape> = {
  active: 'open',
  deleting: 'busy',
  residue: 'fail',
  deleted: 'pass',
}

/** Where the page of a sandbox is. */
export const sandboxPath = (slug: string): string => `/sandboxes/${encodeURIComponent(slug)}`

/** Why it was deleted, as the API says it, in a sentence. Pure. */
export function becauseOf({ deletingBecause, run }: Pick<SandboxItem, 'deletingBecause' | 'run'>): string {
  if (deletingBecause === 'run ended') return 'its run ended'
  if (deletingBecause === 'ended') return 'its time was over'
  return run === null ? 'somebody asked for it' : 'its run asked for it'
}

/** What stands in the way of nothing being left, in one sentence. Pure. */
export function leadOf(
  { residue, active, deleting }: Record<'residue' | 'active' | 'deleting', number>,
  more: boolean,
) {
  const are = (n: number) => `${more && n > 0 ? 'at least ' : ''}${n} ${n === 1 ? 'is' : 'are'}`
  const answer =
    residue === 0
      ? 'Nothing is left behind.'
      : `Rows are left of ${residue === 1 ? 'one sandbox' : `${residue} sandboxes`}.`
  const rest = [active > 0 && `${are(active)} in use`, deleting > 0 && `${are(deleting)} being deleted`]
  const known = rest.filter((text) => text !== false)
  return { answer, rest: known.length === 0 ? 'None is in use now.' : `${known.join(', ')}.` }
}
