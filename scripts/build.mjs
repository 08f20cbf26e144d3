// Builds what is published: `tsc -b`, then the files that tsc does not know beside the code that reads them: migrations, and
// the pages, which the launcher has built.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, rmSync } from 'node:fs'
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
const published = 'packages/rockpool/dist/dashboard'
rmSync(published, { recursive: true, force: true })
if (existsSync(pages)) cpSync(pages, published, { recursive: true })
