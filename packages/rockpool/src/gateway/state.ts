import type { Clock, Finding } from '../kernel/index.ts'
import { defaultCutOff } from './ground.ts'
import type { CutOff, Ground } from './ground.ts'
import { applyChange, openSnapshot, toSnapshot } from './snapshot.ts'
import type { Applied, Directory } from './snapshot.ts'
import type { Snapshot } from './types.ts'

/** What a gateway knows, and whether it may serve by it. The subscriber writes it, the main path reads it. */
export interface GatewayState {
  /** What decisions stand on; undefined until a snapshot was accepted. */
  ground(): Ground | undefined
  /** Undefined: ready. Else why not, for people. */
  notReady(): string | undefined
  /** It stops soon: what comes is served, but load balancers are told to send it elsewhere. */
  drain(): void
  draining(): boolean
  readonly cutOff: CutOff
  /** Replaces everything; with findings nothing changes. `asOf` in milliseconds of this machine's clock. */
  open(snapshot: unknown, asOf: number): Finding[]
  /** Applies a change; with findings nothing changes. */
  change(change: unknown): Finding[]
  /** Control vouches for all versions so far. */
  vouch(asOf: number): void
  /** What is kept on disk. */
  snapshot(): Snapshot | undefined
}

/**
 * `kid`: the gateway's own key. It serves once a snapshot from control names it: then services can verify what it signs.
 * `secure`: browsers reach it by https.
 */
export function createState(options: {
  clock: Clock
  kid: string
  cutOff?: CutOff
  secure?: boolean
}): GatewayState {
  const secure = options.secure ?? false
  const cutOff = options.cutOff ?? defaultCutOff
  let directory: Directory | undefined
  let asOf = 0
  let draining = false

  const take = (applied: Applied): Finding[] => {
    if (!applied.ok) return applied.findings
    directory = applied.directory
    return []
  }

  return {
    ground: () => directory && { directory, asOf, cutOff, secure },
    notReady() {
      if (directory === undefined) return 'it has no configuration yet: control was not reached'
      if (!directory.keys.has(options.kid))
        return 'its signing key is not registered yet: control was not reached'
      return undefined
    },
    drain() {
      draining = true
    },
    draining: () => draining,
    cutOff,
    open(snapshot, at) {
      const findings = take(openSnapshot(snapshot))
      if (findings.length === 0) asOf = at
      return findings
    },
    change: (change) =>
      directory
        ? take(applyChange(directory, change))
        : [{ path: '(the whole)', message: 'there is no snapshot to change' }],
    vouch(at) {
      asOf = Math.max(asOf, at)
    },
    snapshot: () => directory && toSnapshot(directory, new Date(asOf).toISOString()),
  }
}
