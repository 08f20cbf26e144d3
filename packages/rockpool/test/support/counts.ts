/*
 * How often the proofs repeat themselves. `npm test` keeps them at counts that fit into its time; `npm run campaign`
 * sets ROCKPOOL_CAMPAIGN, and the same tests run at the counts below. This is the only place that reads it.
 */
const campaignCounts = {
  /** interleaved production and sandbox requests through one service process */
  interleaved: 20_000,
  /** transactions of each of sixteen writers that publish events at once */
  writersTurns: 1_000,
  /** kills of a relay while it works */
  relayKills: 100,
  /** kills of a runner in the middle of a check */
  runnerKills: 20,
  /** kills of a runner and its bot in the middle of a lifecycle */
  botKills: 20,
  /** seconds that Postgres stays away under traffic */
  outageSeconds: 120,
  /** sandboxes made, used and erased while keepers are killed, each with a receipt of zeros */
  erasures: 500,
  /** generated requests to the gateway, to nginx and to haproxy */
  differential: 10_000,
  /** the same by HTTP/2 */
  differentialHttp2: 10_000,
  /** workers of a gateway that are replaced under traffic, two at a time */
  workerReplacements: 40,
  /** calls while releases come, take over, are drained and killed */
  releaseCalls: 20_000,
  /** snapshots of 100,000 keys and 20,000 routes that take each other's place under load */
  snapshotSwaps: 100,
  /** connections to a gateway that do nothing */
  idleConnections: 5_000,
  /** connections to a gateway that send too little */
  slowConnections: 500,
  /** documents of contracts with something else in one place */
  mutilatedContracts: 100_000,
  /** operations of each real document that are called by openapi-fetch at its mock: all of them */
  mockedOperations: 10_000,
  /** sets of members, values, statuses and media types that no document declares, planted in traffic of each document */
  plantedDrift: 500,
  /** the same, judged by every rule and mended */
  mutilatedLints: 20_000,
  /** documents in any order and notation that are mended */
  lintFixes: 10_000,
} as const

export const isCampaign = process.env['ROCKPOOL_CAMPAIGN'] === 'full'

/**
 * The count for one proof.
 * @param name what is counted
 * @param everyday the count of `npm test`
 */
export function count(name: keyof typeof campaignCounts, everyday: number): number {
  return isCampaign ? campaignCounts[name] : everyday
}

/** A test's time limit, which grows with its count. */
export function limitMs(everydayMs: number): number {
  return isCampaign ? everydayMs * 60 : everydayMs
}
