import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/folder.ts'
import { dataFolderPath, openDataFolder } from './data-folder.ts'

const common = { name: 'shop', file: '/clone/examples/shop/rockpool.config.ts', installation: 'local' }

test('a user has it in the XDG data folder, root where the Postgres user can reach it', () => {
  expect(dataFolderPath({ ...common, uid: 1000, environment: { XDG_DATA_HOME: '/xdg' } })).toMatch(
    /^\/xdg\/rockpool\/shop-local-[0-9a-f]{8}$/,
  )
  expect(dataFolderPath({ ...common, uid: 1000, environment: { XDG_DATA_HOME: 'relative' } })).toMatch(
    /\.local\/share\/rockpool\/shop-local-/,
  )
  expect(dataFolderPath({ ...common, uid: 0, environment: { XDG_DATA_HOME: '/xdg' } })).toMatch(
    /^\/var\/lib\/rockpool\/shop-local-/,
  )
  expect(dataFolderPath({ ...common, uid: 0, given: '/elsewhere' })).toBe('/elsewhere')
})

test('two checkouts do not share one', () => {
  expect(dataFolderPath({ ...common, uid: 0 })).not.toBe(
    dataFolderPath({ ...common, uid: 0, file: '/other/rockpool.config.ts' }),
  )
})

test('a folder inside the checkout, or one that cannot be made, is refused with what to do', async () => {
  const checkout = await temporaryFolder('checkout')
  await mkdir(join(checkout, '.git'))
  const file = join(checkout, 'rockpool.config.ts')
  await expect(openDataFolder({ ...common, file, given: join(checkout, 'data') })).rejects.toThrow(
    /inside the checkout .* --data/,
  )
  const plain = join(checkout, 'plain')
  await writeFile(plain, '')
  await expect(openDataFolder({ ...common, given: join(plain, 'data') })).rejects.toThrow(
    /cannot be written to .* --data/,
  )
  await expect(openDataFolder({ ...common, given: plain })).rejects.toThrow(/cannot be written to .* --data/)
  // A place where nothing can be made, whoever asks.
  await expect(openDataFolder({ ...common, given: '/proc/rockpool/data' })).rejects.toThrow(
    /cannot be written to .* --data/,
  )
  const deep = join(await temporaryFolder('deep'), 'a/b')
  expect(await openDataFolder({ ...common, given: deep })).toBe(deep)
})
