import { writeFile } from 'node:fs/promises'
import type { ContractReading } from '../contracts/index.ts'
import { problem } from '../kernel/index.ts'
import { readStored, storedIn } from './contract-stored.ts'
import type { InstallationOptions } from './installation.ts'
import type { Terminal } from './terminal.ts'

/**
 * The contract in a file, or of a version that an installation keeps (`orders@1.2.0`): a path that exists is a file. Never
 * throws for what is in it.
 */
export async function contractReading(named: string, options: InstallationOptions): Promise<ContractReading> {
  const { loadContract, readBundle } = await import('../contracts/index.ts')
  const stored = await storedIn(named)
  if (stored === undefined) return loadContract(named)
  return readBundle(await readStored(stored, options), { folder: named })
}

/** The same, which can be used. @throws Problem `invalid_input`, with all findings */
export async function usableContract(
  named: string,
  options: InstallationOptions,
): Promise<Extract<ContractReading, { ok: true }>> {
  const reading = await contractReading(named, options)
  if (reading.ok) return reading
  throw problem('invalid_input', `${named} cannot be used`, { findings: reading.findings })
}

/** To a file, where one is named, else to whoever reads. */
export async function writeOut(text: string, out: string | undefined, terminal: Terminal): Promise<void> {
  if (out === undefined) terminal.print(text.trimEnd())
  else await writeFile(out, text)
}
