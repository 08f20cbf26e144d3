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
