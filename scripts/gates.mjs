// What `npm test` holds the house to, apart from its tests: each gate is one command that says nothing when all is well.
import { globSync } from 'node:fs'

/**
 * @typedef {{ name: string, command: string, args: string[] }} Gate
 * @returns {Gate[]} in the order they run: the quick ones first; publint looks at what tsc has built
 */
export function gates() {
  const migrations = globSync('{packages,examples}/**/migrations/*.sql', {
    exclude: (path) => /(^|[\\/])(node_modules|dist)([\\/]|$)/.test(path),
  })
  const packages = globSync('packages/*/package.json').map((file) => file.replace(/[\\/]package\.json$/, ''))
  return [
    { name: 'format', command: 'oxfmt', args: ['--check'] },
    { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
    { name: 'types', command: 'node', args: ['scripts/build.mjs', '--force'] },
    { name: 'unused code', command: 'knip', args: ['--no-progress'] },
    ...packages.map((folder) => ({
      name: `package ${folder}`,
      command: 'publint',
      args: [folder, '--strict'],
    })),
    { name: 'migrations', command: 'squawk', args: migrations.toSorted() },
  ]
}
