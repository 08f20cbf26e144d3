#!/usr/bin/env node
// Starts the CLI from dist; in a checkout of the sources it starts src, stripped by Node itself.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const condition = '--conditions=@rockpool/source'

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24) {
  console.error(`rockpool needs Node 24 or later, and this is ${process.version}`)
  process.exit(2)
}

if (!existsSync(source)) {
  await import(new URL('../dist/cli/main.js', import.meta.url).href)
} else if (process.execArgv.includes(condition) || process.env.NODE_OPTIONS?.includes(condition)) {
  await import('../src/cli/main.ts')
} else {
  const child = spawn(process.execPath, [condition, source, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}
