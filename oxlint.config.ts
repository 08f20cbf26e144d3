// Lint rules. The boundaries between the parts are computed from the one list in scripts/boundaries.mjs.
import { defineConfig } from 'oxlint'
import { doorsOf, folders, forbiddenFor } from './scripts/boundaries.mjs'

type Pattern = { group: string[]; message: string; allowTypeImports?: boolean }

const noTests: Pattern = {
  group: ['**/*.test.ts', '**/test/**'],
  message: 'Product code never imports tests.',
}

const notItself: Pattern = {
  group: ['rockpool', 'rockpool/**'],
  message: 'Inside its own sources the package is imported by relative path.',
}

const restrict = (patterns: Pattern[]) => ({ 'no-restricted-imports': ['error', { patterns }] as const })

/** One override per part: only what stands further left, and there only through index.ts. */
const boundaries = folders.map((folder) => {
  const others = folders.filter((name) => name !== folder)
  const allowed = others.filter((name) => !forbiddenFor(folder).includes(name))
  // One group for both rules: a `!` in any group lets the import through for all of them.
  const order: Pattern = {
    group: [
      ...others.map((name) => `../**/${name}/**`),
      ...allowed.flatMap((name) => doorsOf(name).map((door) => `!../**/${name}/${door}`)),
    ],
    message: `${folder} imports only parts further left (scripts/boundaries.mjs), through their index.ts; what stands right is told by an event or registers itself.`,
  }
  return { files: [`packages/rockpool/src/${folder}/**/*.ts`], rules: restrict([noTests, notItself, order]) }
})

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  ignorePatterns: [
    // Generated: scripts/control-types.test.ts holds it.
    'packages/client/src/control/paths.ts',
    '**/dist/**',
    'bench/node_modules/**',
  ],
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-var': 'error',
    'prefer-const': 'error',
    'no-throw-literal': 'error',
    'import/no-cycle': 'error',
    'import/no-duplicates': 'off', // a type import beside a value import of the same module is our habit
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/only-throw-error': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-deprecated': 'error',
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/error-message': 'error',
    // Sequence is often the point: deliveries in order, attempts one after the other.
    'no-await-in-loop': 'off',
    'oxc/no-map-spread': 'off',
    // pg is CommonJS: its default export is how Node gets at it.
    'import/no-named-as-default-member': 'off',
    'typescript/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
    'typescript/no-unnecessary-type-parameters': 'off',
    'typescript/no-misused-spread': ['error', { allow: ['string'] }],
    'typescript/no-meaningless-void-operator': 'off', // `return void report(…)`: nothing comes of it
    // A database row or parsed JSON gets its type where it enters; the check beside it is what counts.
    'typescript/no-unsafe-type-assertion': 'off',
    'no-shadow': 'off',
    'no-control-regex': 'off', // what is printed is cleaned of them
    'no-underscore-dangle': 'off',
    'typescript/unbound-method': 'off', // our objects are closures: no method needs its `this`
    'no-unmodified-loop-condition': 'off', // what ends a loop is often set by a signal
    'promise/always-return': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'typescript/consistent-return': 'off', // the compiler checks it
    'unicorn/consistent-function-scoping': 'off',
    'import/no-unassigned-import': 'off',
  },
  overrides: [
    { files: ['packages/rockpool/src/*.ts'], rules: restrict([noTests, notItself]) },
    ...boundaries,
    {
      files: ['packages/sdk/src/**/*.ts'],
      rules: restrict([
        noTests,
        {
          group: ['*', '!.', '!..', '!./**', '!../**', '!node:*'],
          message:
            'The sdk has no runtime dependency: node: builtins and its own files only (type imports are free).',
          allowTypeImports: true,
        },
      ]),
    },
    {
      files: ['packages/client/src/**/*.ts'],
      rules: restrict([
        noTests,
        {
          group: ['*', '!.', '!..', '!./**', '!../**', '!openapi-fetch', '!openapi-typescript-helpers'],
          message: 'The client runs in browsers too: openapi-fetch and its own files only.',
        },
      ]),
    },
    {
      // Tests import what they please; their promises and assertions are held to the same rules as the code.
      files: ['**/*.test.ts', 'packages/*/test/**/*.ts'],
      rules: {
        'no-restricted-imports': 'off',
        'typescript/no-misused-promises': 'off', // vitest awaits what its hooks return
      },
    },
  ],
})
