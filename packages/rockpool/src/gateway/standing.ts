import { requireFreshFor } from './credential.ts'
import { refuse } from './ground.ts'
import type { Ground, Known } from './ground.ts'
import type { HeaderMemo, Standing } from './header-memo.ts'
import type { Directory } from './snapshot.ts'
import type { SnapshotCredential } from './types.ts'

/** What stands for a directory where something may outlive it. */
const eras = new WeakMap<Directory, object>()

function eraOf(directory: Directory): object {
  let era = eras.get(directory)
  if (era === undefined) eras.set(directory, (era = {}))
  return era
}

/** Whether it says the same now. */
export function isOf(standing: Standing, directory: Directory, named: string | undefined): boolean {
  return (
    standing.era === eraOf(directory) && standing.version === directory.version && standing.named === named
  )
}

/** What was found, to be found again. Undefined: it hangs on more than that, such as a token of the users' own issuer. */
export function standingOf(
  { shown }: HeaderMemo,
  directory: Directory,
  named: string | undefined,
  { credential, organization, identity }: Known,
): Standing | undefined {
  if (shown?.kind !== 'credential' || shown.token !== undefined) return undefined
  if (credential === null || organization === null || identity === null) return undefined
  const { via } = shown
  return { era: eraOf(directory), version: directory.version, named, credential, via, organization, identity }
}

/** Fills in who acts for whom, where nothing has ended meanwhile. */
export function takeUp(standing: Standing, ground: Ground, known: Known, now: number): void {
  const { credential, via, organization, identity } = standing
  requireFreshFor(credential.kind, ground, now)
  known.credential = credential
  known.via = via
  requireNotEnded(credential, now)
  known.organization = organization
  known.identity = identity
}

export function requireNotEnded({ endsAt }: SnapshotCredential, now: number): void {
  if (endsAt !== null && Date.parse(endsAt) <= now)
    throw refuse('credential_ended', `the credential ended at ${endsAt}`)
}
