import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { organization, service, snapshotOf, temporaryFolder } from '../../test/support/gateway.ts'
import { writeSnapshot } from './snapshot-file.ts'

test('what is written in pieces is the JSON of the whole, for its owner alone', async () => {
  const routes = [{ method: 'GET', path: '/é/"', operationId: 'x', anonymous: false }]
  for (const count of [0, 1, 2_000, 2_001, 5_000]) {
    const folder = temporaryFolder()
    const file = join(folder, 'snapshot.json')
    const snapshot = snapshotOf({
      organizations: Array.from({ length: count }, (_, index) => organization(`o${index}`)),
      services: [service('catalog', { routes })],
    })
    await writeSnapshot(file, snapshot)
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(snapshot)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['snapshot.json'])
  }
})
