import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/gateway.ts'
import { adoptLedgers, freeNumber, workerFolder } from './folders.ts'

/** Segments of a folder's ledger, each with this text. */
async function ledger(folder: string, ...texts: string[]): Promise<void> {
  await mkdir(join(folder, 'ledger'), { recursive: true })
  for (const [index, text] of texts.entries())
    await writeFile(join(folder, 'ledger', `${String(index + 1).padStart(8, '0')}.ndjson`), text)
}

async function textsOf(folder: string): Promise<string[]> {
  const names = (await readdir(join(folder, 'ledger'))).toSorted()
  return Promise.all(names.map((name) => readFile(join(folder, 'ledger', name), 'utf8')))
}

const free = () => ({ release: () => {} })

test('ledgers of gateways that are gone become this one’s, in their order; one that is in use is left alone', async () => {
  const all = temporaryFolder()
  const own = workerFolder(all, 2)
  await ledger(all, 'alone 1', 'alone 2')
  await ledger(workerFolder(all, 1), 'in use')
  await ledger(own, 'own')
  await ledger(workerFolder(all, 3), 'third 1', 'third 2')
  const taken: string[] = []
  const moved = await adoptLedgers(all, own, (folder) => {
    if (folder === workerFolder(all, 1)) throw new Error('somebody has it')
    taken.push(folder)
    return { release: () => void taken.push('released') }
  })
  expect(moved).toBe(4)
  expect(await textsOf(own)).toEqual(['own', 'alone 1', 'alone 2', 'third 1', 'third 2'])
  expect(await textsOf(workerFolder(all, 1))).toEqual(['in use'])
  expect(await textsOf(all)).toEqual([])
  expect(taken).toEqual([all, 'released', workerFolder(all, 3), 'released'])
})

test('a gateway without workers takes over what workers left', async () => {
  const all = temporaryFolder()
  await ledger(workerFolder(all, 1), 'first')
  expect(await adoptLedgers(all, all, free)).toBe(1)
  expect(await textsOf(all)).toEqual(['first'])
  expect(await adoptLedgers(all, all, free)).toBe(0)
})

test('where there was none before there is nothing to take over', async () => {
  const all = join(temporaryFolder(), 'gateway')
  expect(await adoptLedgers(all, workerFolder(all, 1), free)).toBe(0)
})

test('a successor gets the lowest number that nobody has', () => {
  expect([freeNumber([]), freeNumber([1, 2]), freeNumber([3, 1])]).toEqual([1, 3, 2])
})
