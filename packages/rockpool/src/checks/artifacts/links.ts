import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../kernel/index.ts'

/** How long a link to a trace works, in milliseconds: the viewer reads it again when its page is loaded anew. */
export const linkMs = 30 * 60_000

/** Links that open one artifact for whoever has them, for a while: a viewer on an origin of its own has no credential. */
export interface ArtifactLinks {
  /** A path, `/trace/<end>.<signature>/<run>/<name>`. */
  sign(run: string, name: string): { path: string; endsAt: string }
  /** What a path names; undefined: it is not ours, was changed, or its time is over. */
  verify(path: string): { run: string; name: string } | undefined
}

/** `key`: derived from the installation's secret, for this alone. */
export function createArtifactLinks({ key, clock }: { key: string; clock: Clock }): ArtifactLinks {
  const signature = (end: string, run: string, name: string) =>
    createHmac('sha256', key).update(`${end}/${run}/${name}`).digest('base64url')
  return {
    sign(run, name) {
      const endsAt = clock.now() + linkMs
      const end = endsAt.toString(36)
      return {
        path: `/trace/${end}.${signature(end, run, name)}/${run}/${name}`,
        endsAt: new Date(endsAt).toISOString(),
      }
    },
    verify(path) {
      const [, end, given, run, name] =
        /^\/trace\/([0-9a-z]{1,12})\.([\w-]{43})\/([\w-]+)\/([\w.-]+)$/.exec(path) ?? []
      if (!end || !given || !run || !name) return undefined
      const right = timingSafeEqual(Buffer.from(given), Buffer.from(signature(end, run, name)))
      return right && Number.parseInt(end, 36) > clock.now() ? { run, name } : undefined
    },
  }
}
