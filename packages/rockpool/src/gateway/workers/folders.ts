import { mkdir, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** Held as long as this process uses a folder. */
export interface Lock {
  release(): void
}

/** Takes a folder for this process; throws where another one that lives has it. */
export type TakeFolder = (folder: string) => Lock

const segment = /^(\d+)\.ndjson$/

/** The folder of a worker, in that of the gateway. */
export const workerFolder = (gateway: string, number: number) => join(gateway, `worker-${number}`)

/** The lowest number that nobody has. Pure. */
export function freeNumber(used: readonly number[]): number {
  let number = 1
  while (used.includes(number)) number += 1
  return number
}

/**
 * What gateways that are gone left in their ledgers becomes this one's: their files are moved into `own`, in their order.
 * Of a folder that is in use nothing is touched. `gateway`: the folder that holds all of them, and the ledger of a gateway
 * without workers; `own` is locked already. Gives how many files came.
 */
export async function adoptLedgers(gateway: string, own: string, take: TakeFolder): Promise<number> {
  const entries = await readdir(gateway, { withFileTypes: true }).catch(() => [])
  const workers = entries.filter((entry) => entry.isDirectory() && /^worker-\d+$/.test(entry.name))
  const folders = [gateway, ...workers.map(({ name }) => join(gateway, name))]
  let moved = 0
  for (const folder of folders.filter((other) => other !== own)) {
    if ((await segmentsIn(folder)).length === 0) continue
    const lock = tryTake(take, folder)
    if (lock === undefined) continue
    try {
      moved += await moveSegments(folder, own)
    } finally {
      lock.release()
    }
  }
  return moved
}

/** One by one, each at once there and gone here: whenever it is broken off, every entry is in one of the two. */
async function moveSegments(from: string, to: string): Promise<number> {
  await mkdir(join(to, 'ledger'), { recursive: true, mode: 0o700 })
  const names = await segmentsIn(from)
  let next = Number.parseInt((await segmentsIn(to)).at(-1) ?? '0', 10)
  for (const name of names) {
    next += 1
    await rename(join(from, 'ledger', name), join(to, 'ledger', `${String(next).padStart(8, '0')}.ndjson`))
  }
  return names.length
}

async function segmentsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'ledger')).catch(() => [])
  return names.filter((name) => segment.test(name)).toSorted()
}

function tryTake(take: TakeFolder, folder: string): Lock | undefined {
  try {
    return take(folder)
  } catch {
    return undefined
  }
}
