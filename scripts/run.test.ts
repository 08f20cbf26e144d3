import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'

const scripts = dirname(fileURLToPath(import.meta.url))

/** A clone in small: our launcher, a lock file, a tree that counts as installed, and `script` in the place of build. */
function smallClone(script: string) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'rockpool-launcher-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  cpSync(scripts, join(root, 'scripts'), { recursive: true })
  writeFileSync(join(root, 'scripts', 'build.mjs'), script)
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{}}')
  for (const name of ['zod', 'typescript', '@rockpool/sdk', 'rockpool']) {
    mkdirSync(join(root, 'node_modules', name), { recursive: true })
    writeFileSync(join(root, 'node_modules', name, 'package.json'), '{}')
  }
  const stamp = createHash('sha256').update('{"packages":{}}').update(`${process.platform}-${process.arch}`)
  writeFileSync(join(root, 'node_modules', '.rockpool-stamp'), stamp.digest('hex'))
  return root
}

function environment(more: Record<string, string> = {}) {
  const { NODE_OPTIONS: _, npm_lifecycle_event: __, npm_execpath: ___, ...rest } = process.env
  return { ...rest, ...more }
}

function start(root: string, more: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'build'], { cwd: root, env: environment(more) })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ended, output: () => output }
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const untilSignalled = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { console.log('got', signal); setTimeout(() => process.exit(7), 50) })
  setInterval(() => {}, 1000)
  console.log('pid', process.pid)`

async function pidIn(output: () => string) {
  return vi.waitFor(() => Number(/pid (\d+)/.exec(output())?.[1] ?? expect.fail('not started')), 10_000)
}

test('an installed clone starts without npm and with the source condition, and its exit code comes up', () => {
  const root = smallClone(`console.log(process.env.NODE_OPTIONS, ...process.argv.slice(2)); process.exit(3)`)
  const result = spawnSync(process.execPath, ['scripts/run.mjs', 'build', '--flag', 'a b'], {
    cwd: root,
    encoding: 'utf8',
    env: environment({ npm_execpath: '/nowhere/npm-cli.js' }),
  })
  expect(result.stdout).toBe('--conditions=@rockpool/source --flag a b\n')
  expect(result.status).toBe(3)
})

test('what it starts keeps what it compiles, within the clone or where one wants it; a benchmark does not', () => {
  const root = smallClone('console.log(process.env.NODE_COMPILE_CACHE)')
  mkdirSync(join(root, 'bench'))
  cpSync(join(root, 'scripts/build.mjs'), join(root, 'bench/run.mjs'))
  const keptIn = (name: string, more: Record<string, string>) => {
    const { NODE_COMPILE_CACHE: _, ...env } = environment(more)
    const { stdout } = spawnSync(process.execPath, ['scripts/run.mjs', name], {
      cwd: root,
      encoding: 'utf8',
      env: { ...env, ...more },
    })
    return stdout.trim()
  }
  expect(keptIn('build', {})).toBe(join(root, 'node_modules/.cache/node'))
  expect(keptIn('build', { NODE_COMPILE_CACHE: join(root, 'elsewhere') })).toBe(join(root, 'elsewhere'))
  expect(keptIn('bench', {})).toBe('undefined')
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s reaches the command exactly once', async (signal) => {
  const { child, ended, output } = start(smallClone(untilSignalled))
  await pidIn(output)
  child.kill(signal)
  child.kill(signal) // npm echoes what the terminal has sent already
  expect(await ended).toBe(7)
  expect(output().match(/got \w+/g)).toEqual([`got ${signal}`])
})

test('the command stops when its launcher is killed outright', async () => {
  const { child, output } = start(smallClone(untilSignalled))
  const pid = await pidIn(output)
  child.kill('SIGKILL')
  await vi.waitFor(() => expect(alive(pid)).toBe(false), 5_000)
})

test('the command stops when the npm above its launcher is killed outright', async () => {
  const root = smallClone(untilSignalled)
  writeFileSync(
    join(root, 'npm.mjs'),
    `import { spawn } from 'node:child_process'
     spawn(process.execPath, ['scripts/run.mjs', 'build'], { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'build' } })`,
  )
  const npm = spawn(process.execPath, ['npm.mjs'], { cwd: root, env: environment() })
  let output = ''
  npm.stdout.on('data', (chunk) => (output += chunk))
  const pid = await pidIn(() => output)
  npm.kill('SIGKILL')
  await vi.waitFor(() => expect(alive(pid)).toBe(false), 5_000)
})

test('two first starts at once install once, and a dead owner of the lock is passed over', async () => {
  const root = smallClone(`console.log('started')`)
  const log = join(root, 'installs')
  rmSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, '.install.lock'), '999999999 1')
  // An npm that takes its time and leaves what the launcher looks for.
  writeFileSync(
    join(root, 'npm-cli.js'),
    `const fs = require('node:fs')
     fs.appendFileSync(${JSON.stringify(log)}, process.argv[2] + '\\n')
     setTimeout(() => { for (const name of ['zod', 'typescript', '@rockpool/sdk', 'rockpool']) {
       fs.mkdirSync('node_modules/' + name, { recursive: true }); fs.writeFileSync('node_modules/' + name + '/package.json', '{}') } }, 300)`,
  )
  const npm = { npm_execpath: join(root, 'npm-cli.js'), npm_node_execpath: process.execPath }
  const both = [start(root, npm), start(root, npm)]
  expect(await Promise.all(both.map((one) => one.ended))).toEqual([0, 0])
  expect(readFileSync(log, 'utf8')).toBe('ci\n')
})

test('an install that leaves nothing behind is one clear message and exit code 2, whatever npm’s exit code', async () => {
  const root = smallClone('')
  rmSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, 'npm-cli.js'), '')
  const { ended, output } = start(root, {
    npm_execpath: join(root, 'npm-cli.js'),
    npm_node_execpath: process.execPath,
  })
  expect(await ended).toBe(2)
  expect(output()).toContain('npm ci did not install the dependencies')
})

test('an unknown command is one clear message and exit code 2', () => {
  const result = spawnSync(process.execPath, [join(scripts, 'run.mjs'), 'dmo'], { encoding: 'utf8' })
  expect(result.status).toBe(2)
  expect(result.stderr).toContain('there is no command "dmo": try one of demo')
})
