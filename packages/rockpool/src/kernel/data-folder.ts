import { createHash } from 'node:crypto'
import { access, constants, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { messageOf, problem } from './problem.ts'

export interface DataFolderOptions {
  /** The configuration's name and absolute file: two checkouts on one machine do not share data. */
  name: string
  file: string
  installation: string
  /** `--data`. */
  given?: string | undefined
  environment?: NodeJS.ProcessEnv
  uid?: number | undefined
}

/**
 * Where an installation keeps its data on this machine: `--data`, or `$XDG_DATA_HOME/rockpool/…` (XDG Base Directory
 * Specification), or as root `/var/lib/rockpool/…`, which the user that Postgres runs as can reach.
 */
export function dataFolderPath(options: DataFolderOptions): string {
  const { name, file, installation, given, environment = process.env, uid = process.getuid?.() } = options
  if (given) return resolve(given)
  const key = `${name}-${installation}-${createHash('sha256').update(file).digest('hex').slice(0, 8)}`
  if (uid === 0) return join('/var/lib/rockpool', key)
  // The specification: a relative path in the variable is to be ignored.
  const data = environment['XDG_DATA_HOME']?.startsWith('/')
    ? environment['XDG_DATA_HOME']
    : join(homedir(), '.local/share')
  return join(data, 'rockpool', key)
}

/** Makes the folder, and refuses one that cannot be written to or that lies in a checkout (a clean would delete it). */
export async function openDataFolder(options: DataFolderOptions): Promise<string> {
  const folder = dataFolderPath(options)
  const checkout = await checkoutOf(dirname(options.file))
  if (checkout && !relative(checkout, folder).startsWith('..')) {
    throw problem(
      'invalid_input',
      `the data folder ${folder} lies inside the checkout ${checkout}: give one outside with --data`,
    )
  }
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw problem(
      'not_possible_here',
      `the data folder ${folder} cannot be written to (${messageOf(error)}): make it writable, or give another with --data`,
      { cause: error },
    )
  }
  return folder
}

/** Not by mkdir's own `recursive`: where the system answers ENOENT for ever (/proc), Node tries for ever. */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    await makeFolder(dirname(path))
    await make()
  })
}

async function checkoutOf(folder: string): Promise<string | undefined> {
  for (let path = folder; ; path = dirname(path)) {
    if (
      await access(join(path, '.git')).then(
        () => true,
        () => false,
      )
    )
      return path
    if (path === dirname(path)) return undefined
  }
}
