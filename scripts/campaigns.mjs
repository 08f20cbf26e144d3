// The campaigns of `npm run campaign`.

/** Name → which test files it runs: parts of their paths. */
export const campaigns = {
  identity: ['test/identity', 'sdk/src/leaks'],
  events: ['src/events/relay'],
  sandboxes: ['src/sandboxes/crash'],
  runner: ['test/runner-killed'],
  bots: ['test/bots'],
  outage: ['test/outage'],
  contracts: [
    'src/contracts/hostile.test',
    'src/contracts/mocks/documents.test',
    'src/contracts/mocks/branches.test',
    'src/contracts/traffic/drift/documents.test',
    'src/contracts/lint/hostile.test',
    'src/contracts/lint/fix/fix.test',
  ],
  gateway: [
    'src/gateway/engines/differential',
    'src/gateway/engines/splice/soak',
    'src/gateway/proofs',
    'src/gateway/releases/rollout',
    'src/roles/workers.test',
  ],
}
