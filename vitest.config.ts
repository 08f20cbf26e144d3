// Two projects: `unit` (beside the code; files in parallel) and `e2e` (the running product, one file at a time).
// Both run our packages from src, through the same condition that the launcher gives to Node.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const conditions = ['@rockpool/source', 'node']

const shared = {
  // What a test spawns must find our sources as the test itself does: workers get no NODE_OPTIONS of their own.
  env: { NODE_OPTIONS: '--conditions=@rockpool/source' },
  globalSetup: ['packages/rockpool/test/support/postgres.ts'],
  exclude: ['**/node_modules/**', '**/dist/**'],
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: conditions } },
        test: {
          ...shared,
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/sdk/test/**/*.test.ts',
            'examples/shop/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          testTimeout: 15_000,
          hookTimeout: 30_000,
          // They wait more than they compute: one worker less than there are cores (the default) leaves a small machine idle.
          maxWorkers: Math.max(3, availableParallelism() - 1),
        },
      },
      {
        resolve: { conditions },
        ssr: { resolve: { conditions, externalConditions: conditions } },
        test: {
          ...shared,
          name: 'e2e',
          include: ['packages/rockpool/test/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
