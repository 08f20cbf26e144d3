import { createKeeper } from '../../kernel/index.ts'
import type { Clock, Handled, Log } from '../../kernel/index.ts'
import type { Runs } from '../runs/runs.ts'
import { createArtifactLinks } from './links.ts'
import { artifactOperations } from './operations.ts'
import { createArtifactFolder } from './store.ts'
import { startTraceViewer } from './viewer.ts'

/*
 *   check's process ─file─► executor ─PUT─► control ─► folder ─GET─► dashboard         pictures, traces
 *                                             └─ link, signed ─► viewer, an origin of its own ─► a person's browser
 */

/** What runs leave for people to look at: kept, served, removed in time. */
export interface Artifacts {
  operations: Handled[]
  close(): Promise<void>
}

export interface ArtifactsOptions {
  /** Where they are kept. */
  folder: string
  runs: Pick<Runs, 'get'>
  /** Signs links to traces. */
  key: string
  clock: Clock
  log: Log
  /** Where the viewer listens, on a free port; and under which names it is reached besides loopback. */
  host: string
  hosts: readonly string[]
}

export async function startArtifacts(options: ArtifactsOptions): Promise<Artifacts> {
  const { folder, runs, key, clock, log, host, hosts } = options
  const artifacts = createArtifactFolder({ folder, clock })
  const keeper = createKeeper({
    work: () => artifacts.sweep(),
    failed: 'artifacts could not be swept',
    intervalMs: 60_000,
    clock,
    log,
  })
  const links = createArtifactLinks({ key, clock })
  const viewer = await startTraceViewer({ artifacts, links, log, host, hosts })
  keeper.start()
  return {
    operations: artifactOperations({
      runs,
      artifacts,
      linkTo: (run, name, reached) => viewer.linkTo(run, name, reached),
    }),
    async close() {
      await Promise.all([keeper.stop(), viewer.close()])
    },
  }
}
