import { access, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { dataFolderPath, loadConfig, problem } from '../kernel/index.ts'
import type { Config, InstallationConfig } from '../kernel/index.ts'

/** What every command that talks to an installation takes; there is no default installation. */
export interface InstallationOptions {
  config?: string
  installation?: string
  data?: string
}

/** An installation as a command sees it. */
export interface Installation {
  name: string
  /** The options that name it once more, for a command that is told to somebody. */
  again: string
  config: Config
  settings: InstallationConfig
  /** Origins in use now: an embedded one may have taken other ports than the configuration's. */
  gateway: string
  control: string
  /** Where an embedded one keeps its data on this machine. */
  folder: string | undefined
}

/** What `rockpool up` writes to `endpoints.json` once it is ready. */
export interface Endpoints {
  gateway: string
  control: string
  pid: number
}

/** The options that name this installation once more as they were given, so that a told command works when it is pasted. */
export function namedAgain({ config, data }: InstallationOptions, name: string): string {
  const given = Object.entries({ config, data }).flatMap(([option, value]) =>
    value === undefined ? [] : [` --${option} ${shellWord(value)}`],
  )
  return `--installation ${name}${given.join('')}`
}

/** The text as one word of a POSIX shell (POSIX.1-2024, Shell Command Language, 2.2.2). */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** `.mts` where the nearest package.json says that `.ts` is CommonJS. */
export const configNames = [
  'rockpool.config.ts',
  'rockpool.config.mts',
  'rockpool.config.js',
  'rockpool.config.mjs',
]

/** The configuration that `--config` names, or the nearest one at or above the working folder. */
export async function findConfig(given: string | undefined, from = process.cwd()): Promise<string> {
  if (given) return resolve(from, given)
  for (let folder = from; ; folder = dirname(folder)) {
    for (const name of configNames) {
      const file = join(folder, name)
      if (
        await access(file).then(
          () => true,
          () => false,
        )
      )
        return file
    }
    if (folder === dirname(folder)) break
  }
  throw problem(
    'config_invalid',
    `there is no rockpool.config.ts in ${from} or above it: name one with --config`,
  )
}

/** The configuration and the named installation of it; refuses a missing or an unknown name. */
export async function chooseInstallation(
  options: InstallationOptions,
): Promise<{ name: string; config: Config; settings: InstallationConfig }> {
  const config = await loadConfig(await findConfig(options.config))
  const known = Object.keys(config.installations).join(', ')
  const name = options.installation
  if (!name)
    throw problem(
      'invalid_input',
      `name the installation with --installation: ${known} (there is no default)`,
    )
  const settings = config.installations[name]
  if (!settings)
    throw problem('invalid_input', `there is no installation “${name}” in ${config.file}: it has ${known}`)
  // For what this process starts (services, the runner, checks); it calls no gateway itself, and Node would not read it any more.
  const { ca } = config.gateway.tls ?? {}
  if (ca !== undefined && settings.embedded) process.env['NODE_EXTRA_CA_CERTS'] = ca
  return { name, config, settings }
}

/** The installation with the origins that are in use now. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { name, config, settings } = await chooseInstallation(options)
  const again = namedAgain(options, name)
  const { gateway, control } = settings
  if (!settings.embedded) return { name, again, config, settings, gateway, control, folder: undefined }
  const folder = dataFolderPath({
    name: config.name,
    file: config.file,
    installation: name,
    given: options.data,
  })
  const endpoints = await readEndpoints(folder)
  if (!endpoints) {
    throw problem(
      'control_unreachable',
      `nothing runs for the installation “${name}” (${folder}): start it with “rockpool up ${again}”${
        options.data === undefined ? ', or name the folder that it was started with by --data' : ''
      }`,
    )
  }
  return { name, again, config, settings, gateway: endpoints.gateway, control: endpoints.control, folder }
}

/** The command that starts it, to be told where nothing answers. */
export const startedBy = ({ folder, again }: Pick<Installation, 'folder' | 'again'>): string =>
  folder === undefined ? 'rockpool up' : `rockpool up ${again}`

/** Absent, or half-written by a start that was killed: nothing runs there. */
async function readEndpoints(folder: string): Promise<Endpoints | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'endpoints.json'), 'utf8')) as Endpoints
  } catch {
    return undefined
  }
}
