import { compareVersions, newestOf, parseVersion } from './names.ts'
import type { SemanticVersion } from './names.ts'
import type { NamedPush } from './store.ts'
import type { Base, PushName } from './types.ts'

/** A contract that runs in production. */
export interface RunningContract {
  address: string
  release: string | null
}

/**
 * What a push is compared with: all that runs in production; where nothing does, the newest earlier version. A version that
 * is below what runs mends an older line: it is compared with the newest earlier one of that line. Pure.
 * @param pushes of the service, on no branch, the newest first
 */
export function basesOf(
  pushed: { name: PushName | null; infoVersion: string },
  running: readonly RunningContract[],
  pushes: readonly NamedPush[],
): Base[] {
  const version = parseVersion(pushed.name?.kind === 'version' ? pushed.name.name : pushed.infoVersion)
  const nameOf = (address: string) => nameOfContract(pushes.filter((push) => push.address === address))
  const isOlder = (address: string) => {
    const other = parseVersion(nameOf(address))
    return version !== null && other !== null && compareVersions(version, other) < 0
  }
  const inProduction = running.map(({ address, release }): Base => {
    return { address, name: nameOf(address), because: 'production', release }
  })
  if (inProduction.length > 0 && !inProduction.some(({ address }) => isOlder(address)))
    return inProduction.filter(
      ({ address }, index) => inProduction.findIndex((each) => each.address === address) === index,
    )
  const earlier = version === null ? pushes[0] : earlierThan(version, pushes, pushed.name === null)
  if (earlier === undefined) return []
  return [{ address: earlier.address, name: nameOf(earlier.address), because: 'earlier', release: null }]
}

/** @param orSame what has no name of its own, as on a branch, comes after the version that it says it is */
function earlierThan(
  version: SemanticVersion,
  pushes: readonly NamedPush[],
  orSame: boolean,
): Pick<NamedPush, 'address'> | undefined {
  const isEarlier = (other: SemanticVersion) => compareVersions(other, version) < (orSame ? 1 : 0)
  return newestOf(versionsIn(pushes), isEarlier) ?? pushes.find(({ kind }) => kind !== 'version')
}

/** Those that are named by a version. */
export function versionsIn(pushes: readonly NamedPush[]): (NamedPush & { name: string })[] {
  return pushes.flatMap((push) =>
    push.kind === 'version' && push.name !== null ? [{ ...push, name: push.name }] : [],
  )
}

/** As people know it: by its version, else by what it says of itself. */
function nameOfContract(pushes: readonly NamedPush[]): string {
  const push = pushes.find(({ kind }) => kind === 'version') ?? pushes[0]
  return (push?.kind === 'version' ? push.name : push?.infoVersion) || push?.name || 'without a version'
}
