/*
 * Which answers a topic of /live touches. A topic that is not listed here touches everything: rather too much than a
 * page that shows what is not so any more.
 */
const touched: Record<string, readonly string[]> = {
  checks: ['/checks', '/status'],
  runs: ['/runs', '/checks', '/bots', '/status', '/contracts/{service}/mock'],
  bots: ['/bots', '/status'],
  sandboxes: ['/sandboxes', '/runs/', '/ledger'],
  organizations: ['/organizations', '/session'],
  services: ['/services', '/status'],
  requests: ['/requests'],
  faults: ['/faults'],
  contracts: ['/contracts', '/contract-notices'],
}

/** Whether the answer of a route (`GET /runs/{run}`) may have changed with a topic. Pure. */
export function isTouched(route: string, topics: readonly string[]): boolean {
  const path = route.slice(route.indexOf(' ') + 1)
  return topics.some((topic) => touched[topic]?.some((start) => path.startsWith(start)) ?? true)
}
