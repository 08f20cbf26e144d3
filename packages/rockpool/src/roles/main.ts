import { runRole } from './process.ts'

// One process of Rockpool: `node roles/main.ts control|gateway|mocks|relay|runner`, with the environment of environment.ts.
const roles = {
  control: async () => (await import('./control.ts')).startControl,
  gateway: async () => (await import('./gateway.ts')).startGateway,
  mocks: async () => (await import('./mocks.ts')).startMocks,
  relay: async () => (await import('./relay.ts')).startRelay,
  runner: async () => (await import('./runner.ts')).startRunner,
}

const name = process.argv[2] ?? ''
if (!Object.hasOwn(roles, name)) {
  process.stderr.write(`name the role to run: ${Object.keys(roles).join(', ')}\n`)
  process.exit(2)
}
await runRole(name, await roles[name as keyof typeof roles]())
