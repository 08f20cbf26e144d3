import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { ContractReading, Documents } from '../contracts/index.ts'
import { problem } from '../kernel/index.ts'
import { namingInstallation } from './command.ts'
import { readStored, storedIn } from './contract-stored.ts'
import type { InstallationOptions } from './installation.ts'
import { shown } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Flags of every command that reads a contract. */
export interface ReadFlags extends InstallationOptions {
  allowRemote: string[]
}

/** The options of a command that reads a contract. */
export function readsContract(command: Command): Command {
  return namingInstallation(command).option(
    '--allow-remote <origin>',
    'fetch what the document leads to at this origin, such as https://specs.example.test; may be given several times. Nothing else is fetched',
    (origin: string, others: string[]) => [...others, origin],
    [],
  )
}

/**
 * Loads documents as the flags say; one may cost as much as another. What is named is a file, or a version that an
 * installation keeps (`orders@1.2.0`): a path that exists is a file. Nothing is thrown for what is in it.
 *
 * @throws Problem `invalid_input`: a flag is wrong
 */
export async function documentsLoader(flags: ReadFlags): Promise<(named: string) => Promise<Documents>> {
  const { createFetchText, documentsOf, loadDocuments, readOrigins } = await import('../contracts/index.ts')
  const { origins, findings } = readOrigins(flags.allowRemote)
  if (findings.length > 0)
    throw problem('invalid_input', 'what may be fetched is said by origins', { findings })
  return async (named) => {
    const stored = await storedIn(named)
    if (stored !== undefined) return documentsOf(await readStored(stored, flags), { folder: named })
    return loadDocuments(named, origins.size > 0 ? { fetchText: createFetchText({ origins }) } : {})
  }
}

/** The same, read as contracts. @throws Problem `invalid_input`: a flag is wrong */
export async function contractLoader(flags: ReadFlags): Promise<(named: string) => Promise<ContractReading>> {
  const load = await documentsLoader(flags)
  const { readDocuments } = await import('../contracts/index.ts')
  return async (named) => readDocuments(await load(named))
}

/** What is to be mended must be a file here. @throws Problem `invalid_input`: it is a version that is kept, or elsewhere */
export async function refuseToMend(named: string): Promise<void> {
  if ((await storedIn(named)) !== undefined || /^https?:/i.test(named))
    throw problem('invalid_input', `--fix mends files, and ${shown(named)} is none: pull it first`)
}

/** The contract that is named, which can be used. @throws Problem `invalid_input`, with all findings */
export async function usableContract(
  named: string,
  flags: ReadFlags,
): Promise<Extract<ContractReading, { ok: true }>> {
  const load = await contractLoader(flags)
  const reading = await load(named)
  if (reading.ok) return reading
  throw problem('invalid_input', `${named} cannot be used`, { findings: reading.findings })
}

/** To a file, where one is named, else to whoever reads. */
export async function writeOut(text: string, out: string | undefined, terminal: Terminal): Promise<void> {
  if (out === undefined) terminal.print(text.trimEnd())
  else await writeFile(out, text)
}
