import { writeFile } from 'node:fs/promises'
import type { ContractReading } from '../contracts/index.ts'
import { problem } from '../kernel/index.ts'
import type { Terminal } from './terminal.ts'

/** The contract in a file, which can be used. @throws Problem `invalid_input`, with all findings */
export async function usableContract(file: string): Promise<Extract<ContractReading, { ok: true }>> {
  const { loadContract } = await import('../contracts/index.ts')
  const reading = await loadContract(file)
  if (reading.ok) return reading
  throw problem('invalid_input', `${file} cannot be used`, { findings: reading.findings })
}

/** To a file, where one is named, else to whoever reads. */
export async function writeOut(text: string, out: string | undefined, terminal: Terminal): Promise<void> {
  if (out === undefined) terminal.print(text.trimEnd())
  else await writeFile(out, text)
}
