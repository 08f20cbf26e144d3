// Builds what is published: `tsc -b`, then the files that tsc does not know (migrations) beside the code that reads them.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const tsc = spawnSync('node_modules/.bin/tsc', ['-b', ...process.argv.slice(2)], { stdio: 'inherit' })
if (tsc.status !== 0) process.exit(tsc.status ?? 1)

for (const file of globSync('packages/*/src/**/*.sql')) {
  const target = file.replace(/^(packages[\\/][^\\/]+[\\/])src/, '$1dist')
  mkdirSync(dirname(target), { recursive: true })
  cpSync(file, join(target))
}

// The published package serves the pages from beside its code.
const pages = 'packages/dashboard/dist'
if (existsSync(pages)) cpSync(pages, 'packages/rockpool/dist/dashboard', { recursive: true })
