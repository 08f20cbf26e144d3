import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder, until } from '../../../test/support/gateway.ts'
import { ordersContract } from '../../../test/support/held-contract.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { addressOf } from './address.ts'
import { createContractKeeper } from './keeper.ts'

const text = JSON.stringify(ordersContract)
const address = addressOf(text)
const other = JSON.stringify({ ...ordersContract, info: { title: 'Orders', version: '2.0.0' } })
const fileOf = (one: string) => `${one.replace(':', '-')}.json`

/** A keeper whose source has these texts, by address. */
function keeping(texts: Map<string, string>, folder = join(temporaryFolder(), 'contracts')) {
  const asked: string[] = []
  const keeper = createContractKeeper({
    source: {
      contract(one) {
        asked.push(one)
        const found = texts.get(one)
        return found === undefined
          ? Promise.reject(new Error('there is none'))
          : Promise.resolve(Buffer.from(found))
      },
    },
    folder,
    clock: systemClock,
    log: silentLog,
  })
  onTestFinished(() => keeper.stop())
  const arrived = (one: string) => until('it is there', () => keeper.judgeOf(one) !== undefined)
  return { ...keeper, folder, asked, arrived }
}

test('what is named is fetched once, kept for this user alone, and there again without its source', async () => {
  const first = keeping(new Map([[address, text]]))
  expect(first.judgeOf(address)).toBeUndefined()
  first.follow([{ contract: address }, {}, { contract: address }])
  await first.arrived(address)
  expect(first.asked).toEqual([address])
  const file = join(first.folder, fileOf(address))
  expect(await readFile(file, 'utf8')).toBe(text)
  expect([(await stat(file)).mode & 0o777, (await stat(first.folder)).mode & 0o777]).toEqual([0o600, 0o700])
  await first.stop()
  const second = keeping(new Map(), first.folder)
  second.follow([{ contract: address }])
  await second.arrived(address)
  expect(second.asked).toEqual([])
})

test('nothing is asked for, and no folder made, where no service asks for it', async () => {
  const keeper = keeping(new Map())
  keeper.follow([{}, {}])
  await keeper.stop()
  expect(keeper.asked).toEqual([])
  await expect(readdir(keeper.folder)).rejects.toThrow('ENOENT')
})

test('a text that is not the one of its address is no contract, on disk or from control', async () => {
  const texts = new Map([[address, other]])
  const folder = temporaryFolder()
  await writeFile(join(folder, fileOf(address)), `${text} `)
  const keeper = keeping(texts, folder)
  keeper.follow([{ contract: address }])
  await until('asked again', () => keeper.asked.length > 1)
  expect(keeper.judgeOf(address)).toBeUndefined()
  texts.set(address, text)
  await keeper.arrived(address)
  expect(await readFile(join(folder, fileOf(address)), 'utf8')).toBe(text)
})

test('what nobody names any more goes, from memory and from disk, and what a crash left with it', async () => {
  const folder = temporaryFolder()
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${fileOf(address)}.new`), '{"half":')
  const keeper = keeping(
    new Map([
      [address, text],
      [addressOf(other), other],
    ]),
    folder,
  )
  keeper.follow([{ contract: address }])
  await keeper.arrived(address)
  expect(await readdir(folder)).toEqual([fileOf(address)])
  keeper.follow([{ contract: addressOf(other) }])
  await keeper.arrived(addressOf(other))
  expect(await readdir(folder)).toEqual([fileOf(addressOf(other))])
  expect(keeper.judgeOf(address)).toBeUndefined()
  keeper.follow([])
  await until('gone', async () => (await readdir(folder)).length === 0)
})

test('who waits for one hears of it when it comes, or when it cannot be read', async () => {
  const texts = new Map<string, string>()
  const keeper = keeping(texts)
  const bad = '{"openapi":"3.1.0"}'
  const never = 600_000
  keeper.follow([{ contract: address }, { contract: addressOf(bad) }])
  const arrivals = [keeper.arrival(address, never), keeper.arrival(addressOf(bad), never)]
  texts.set(address, text).set(addressOf(bad), bad)
  await Promise.all(arrivals)
  expect([keeper.judgeOf(address) !== undefined, keeper.judgeOf(addressOf(bad))]).toEqual([true, undefined])
  await keeper.arrival(addressOf('nobody names this'), 1)
})

test('it stops while it waits for control', async () => {
  const keeper = keeping(new Map())
  keeper.follow([{ contract: address }])
  await until('asked', () => keeper.asked.length > 0)
  await keeper.stop()
})
