import { createPool, createRockpool } from '@rockpool/sdk'
import { createApp } from './app.ts'
import { consumeOrders } from './events.ts'
import { openShop } from './opening.ts'

const { OPENING_STOCK_OF, HOST = '127.0.0.1', PORT = '8080' } = process.env

const database = createPool()
const rockpool = createRockpool({ database })
consumeOrders(rockpool)

const app = await createApp(rockpool, database, { log: true })
await app.listen({ host: HOST, port: Number(PORT) })

/** A database that is down keeps nobody from starting: the shop opens when it is back. */
function open(organization: string): void {
  openShop(rockpool, database, organization).catch((error: unknown) => {
    app.log.warn(error, 'the shop is not open yet')
    setTimeout(open, 2_000, organization).unref()
  })
}
if (OPENING_STOCK_OF) open(OPENING_STOCK_OF)

// What is under way is answered; nothing new is taken.
async function stop(): Promise<void> {
  await app.close()
  rockpool.close()
  await database.end()
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())
