import { lstat, mkdir, realpath, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Bundle } from '../contracts/index.ts'
import { messageOf, problem } from '../kernel/index.ts'
import { onInstallation } from './command.ts'
import type { AddCommand } from './command.ts'
import { readStored, storedNamed } from './contract-stored.ts'
import type { ExitCode } from './failure.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'

interface Flags extends InstallationOptions {
  out: string
  force?: boolean
  json?: boolean
}

export const contractPullCommand: AddCommand = (contract, { terminal, action }) => {
  onInstallation(contract.command('pull <version>'))
    .description('Write the files of a version as they were pushed: <service>, or <service>@<version>.')
    .option('--out <folder>', 'where to', '.')
    .option('--force', 'over files that are there')
    .addHelpText(
      'after',
      `
Examples:
  rockpool contract pull orders@production --out contracts --installation local
  rockpool contract pull orders@1.2 --installation local`,
    )
    .action(
      action(async (named: string, flags: Flags): Promise<ExitCode> => {
        const bundle = await readStored(storedNamed(named), flags)
        await writeBundle(bundle, flags.out, { force: flags.force === true })
        const main = join(flags.out, bundle.main)
        const files = Object.keys(bundle.files).sort()
        if (flags.json)
          terminal.print(JSON.stringify({ main, files: files.map((name) => join(flags.out, name)) }))
        else {
          const others = files.length === 1 ? '' : `, with ${files.length - 1} beside it`
          terminal.print(`${terminal.mark.pass} ${shown(main)}${others}`)
        }
        return 0
      }),
    )
}

/**
 * Writes the files below a folder: none if one is there already (unless `force`), and never outside of it, whatever links
 * lead out. The bundle is one whose names were checked. @throws Problem `conflict`, `invalid_input`
 */
export async function writeBundle(bundle: Bundle, out: string, { force }: { force: boolean }): Promise<void> {
  await mkdir(out, { recursive: true })
  const root = await realpath(out)
  const files = Object.entries(bundle.files)
  const places = await Promise.all(files.map(async ([name]) => ({ name, ...(await placeOf(root, name)) })))
  const outside = places.filter(({ isOutside }) => isOutside)
  if (outside.length > 0)
    throw problem('invalid_input', `a link leads out of ${out}: nothing is written`, {
      findings: outside.map(({ name }) => ({ path: name, message: 'would be written elsewhere' })),
    })
  const there = places.filter(({ isThere }) => isThere)
  if (there.length > 0 && !force)
    throw problem('conflict', `files are there already in ${out}: nothing is written (--force: over them)`, {
      findings: there.map(({ name }) => ({ path: name, message: 'is there' })),
    })
  for (const [name, text] of files) {
    const path = join(root, name)
    try {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text, { flag: force ? 'w' : 'wx' })
    } catch (error) {
      throw problem('conflict', `${path} cannot be written: ${messageOf(error)}`, { cause: error })
    }
  }
}

/** Where a name leads, through whatever links there are. */
async function placeOf(root: string, name: string): Promise<{ isOutside: boolean; isThere: boolean }> {
  for (let at = join(root, name); ; at = dirname(at)) {
    const link = await lstat(at).catch(absent)
    if (link === undefined) continue
    const real = await realpath(at).catch(absent)
    // A link that leads to nothing yet is followed by whoever writes.
    const isOutside = real === undefined || (real !== root && !real.startsWith(join(root, sep)))
    return { isOutside, isThere: at === join(root, name) }
  }
}

function absent({ code, message }: NodeJS.ErrnoException): undefined {
  if (code !== 'ENOENT') throw problem('conflict', `nothing is written: ${message}`)
}
