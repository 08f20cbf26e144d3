import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { problem } from '../kernel/index.ts'
import type { Installation } from './installation.ts'

/*
 * Where `rockpool login` keeps control credentials: $XDG_CONFIG_HOME/rockpool/credentials.json, mode 0600, by
 * configuration file and installation. ROCKPOOL_CREDENTIAL in the environment goes before the file, for CI.
 */

type Stored = Record<string, string>

export function credentialsFile(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment['XDG_CONFIG_HOME']?.startsWith('/')
    ? environment['XDG_CONFIG_HOME']
    : join(homedir(), '.config')
  return join(home, 'rockpool', 'credentials.json')
}

/** The control credential for the installation; says how to get one where there is none. */
export async function signedIn(
  installation: Installation,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const given = environment['ROCKPOOL_CREDENTIAL']?.trim()
  if (given) {
    // It becomes a header: RFC 9110 allows no control characters there.
    if (!/^[\x21-\x7e]+$/.test(given)) {
      throw problem('credential_unknown', 'ROCKPOOL_CREDENTIAL holds something that is no credential')
    }
    return given
  }
  const stored = (await readStored(credentialsFile(environment)))[keyOf(installation)]
  if (stored) return stored
  throw problem(
    'credential_missing',
    `not signed in to the installation “${installation.name}”: run “rockpool login ${installation.again}”`,
  )
}

/** Keeps the credential for the installation; the file is replaced whole, so that a kill leaves the old one. */
export async function keepCredential(installation: Installation, credential: string): Promise<string> {
  const file = credentialsFile()
  const stored = { ...(await readStored(file)), [keyOf(installation)]: credential }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(stored, undefined, 2)}\n`, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, file)
  return file
}

/** What `rockpool up` left for the machine's owner; whoever can read the data folder owns the installation. */
export async function ownerCredential(folder: string): Promise<string> {
  try {
    return (await readFile(join(folder, 'owner.credential'), 'utf8')).trim()
  } catch (error) {
    throw problem(
      'credential_missing',
      `${join(folder, 'owner.credential')} cannot be read: sign in as the user who runs “rockpool up”`,
      { cause: error },
    )
  }
}

function keyOf(installation: Installation): string {
  return `${installation.config.file}#${installation.name}`
}

async function readStored(file: string): Promise<Stored> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  try {
    return JSON.parse(text) as Stored
  } catch (error) {
    throw problem('invalid_input', `${file} is not JSON: remove it, and sign in again`, { cause: error })
  }
}
