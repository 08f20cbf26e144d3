import { availableParallelism } from 'node:os'

/** Megabytes of one of the two halves of the young generation. */
const semiSpaceMb = 8
/** By how much of what lives the old generation may grow before it is collected. */
const growthPercent = 100

/**
 * The options of Node (nodejs.org/api/cli.html) that a gateway is started with; workers have those of their parent.
 *
 * - `--max-semi-space-size`: V8 chooses by the machine, and where there is much memory the young generation grows to 128 MB.
 * - `--min-semi-space-size`: it shrinks while nothing happens. When calls come again, it is too small for those under way: they
 *   are taken for what lives long, and fill the old generation, which is collected just then.
 * - `--heap-growing-percent`: else what lived a moment in the young generation, such as a rush of connections leaves behind, may become three times
 *   what lives before it is collected. By less than it is here, bodies on their way are collected all the time.
 * - `--v8-pool-size`, where each process has one core at most: V8 marks what lives in four threads beside the one that serves.
 *   On one core they take turns with it, and it stands still for 20 ms, several times in a row.
 *
 * @param options `cores`: those of this process unless said
 */
export function gatewayFlags(options: { workers: number | 'auto'; cores?: number }): string[] {
  const { workers, cores = availableParallelism() } = options
  const hasOneCore = workers === 'auto' || workers >= cores
  return [
    `--min-semi-space-size=${semiSpaceMb}`,
    `--max-semi-space-size=${semiSpaceMb}`,
    `--heap-growing-percent=${growthPercent}`,
    ...(hasOneCore ? ['--v8-pool-size=1'] : []),
  ]
}
