import { createPool, createRockpool } from '@rockpool/sdk'
import { createApp } from './app.ts'
import { createBank } from './bank.ts'
import { consumeOrders } from './events.ts'

const { BANK_URL = '', BOT_CARD, HOST = '127.0.0.1', PORT = '8080' } = process.env

const database = createPool()
const rockpool = createRockpool({ database })
const bank = createBank(rockpool, BANK_URL)
consumeOrders(rockpool, bank, BOT_CARD || null)

const server = createApp(rockpool, database, bank)
server.listen(Number(PORT), HOST, () => {
  console.log(JSON.stringify({ msg: `payments listens on http://${HOST}:${PORT}` }))
})

// What is under way is answered; nothing new is taken.
function stop(): void {
  server.close(() => {
    rockpool.close()
    void database.end()
  })
  server.closeIdleConnections()
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
