import { createPool, createRockpool } from '@rockpool/sdk'
import { createApp } from './app.ts'
import { consumeOrders } from './events.ts'

const { HOST = '127.0.0.1', PORT = '8080' } = process.env

const database = createPool()
const rockpool = createRockpool({ database })
consumeOrders(rockpool)

const app = await createApp(rockpool, database, { log: true })
await app.listen({ host: HOST, port: Number(PORT) })

// What is under way is answered; nothing new is taken.
async function stop(): Promise<void> {
  await app.close()
  rockpool.close()
  await database.end()
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())
