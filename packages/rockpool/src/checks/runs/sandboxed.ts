import { parseDuration } from '../../kernel/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Sandboxes } from '../../sandboxes/index.ts'
import { checkKind } from '../kinds.ts'
import type { RunKind } from './kind.ts'
import { hasEnded } from './store.ts'

/** Runs of checks: each attempt has a fresh sandbox, which is deleted with the run. */
export function createSandboxedKind(options: {
  sandboxes: Sandboxes
  clock: Clock
  defaults: { parent: string; ttl: string }
}): RunKind {
  const { sandboxes, clock, defaults } = options
  return {
    notStarted: checkKind.notStarted,
    place: ({ parent, ttl }) => ({
      parent: parent ?? defaults.parent,
      ttl: parseDuration(ttl ?? defaults.ttl),
    }),
    async grant({ run, parent, ttl, scopes }, issue) {
      const { sandbox } = await sandboxes.create({ parent, ttl, run })
      const credential = await issue({
        organization: sandbox.slug,
        allows: { organization: sandbox.slug },
        environment: 'sandbox',
        actor: 'check',
        scopes,
        endsAt: new Date(clock.now() + ttl),
      })
      if (credential === undefined) {
        await sandboxes.delete(sandbox.slug, 'run ended')
        throw hasEnded(run)
      }
      return { organization: sandbox.slug, createdAt: sandbox.createdAt, credential, more: null }
    },
    ended: async ({ run }) => void (await sandboxes.deleteOfRun(run)),
  }
}
