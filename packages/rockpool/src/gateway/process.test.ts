import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder, until } from '../../test/support/gateway.ts'
import { rawClient, statusOf } from '../../test/support/raw-http.ts'
import { silentLog, systemClock } from '../kernel/index.ts'
import { engineNames } from './engines/index.ts'
import { startGateway } from './process.ts'

const live = 'GET /.rockpool/health/live HTTP/1.1\r\nHost: a\r\n\r\n'

test.each(engineNames)('engine %s: its connections are bounded as it was told', async (engine) => {
  const gateway = await startGateway({
    name: 'gateway-1',
    host: '127.0.0.1',
    port: 0,
    // Nobody is there: it lives all the same.
    controlUrl: 'http://127.0.0.1:9',
    roleToken: 'token',
    folder: temporaryFolder(),
    accessLog: { write: () => true, once: () => {} },
    clock: systemClock,
    log: silentLog,
    engine,
    limits: { maxConnectionsPerClient: 1 },
  })
  onTestFinished(() => gateway.stop())
  const first = await rawClient(gateway.port)
  first.send(live)
  expect((await first.answered(1)).map(statusOf)).toEqual([200])
  const second = await rawClient(gateway.port)
  expect(await second.closed()).toEqual([])
  first.socket.destroy()
  await until('there is room again', async () => {
    const next = await rawClient(gateway.port)
    next.send(live)
    return (await next.answered(1)).length === 1
  })
})
