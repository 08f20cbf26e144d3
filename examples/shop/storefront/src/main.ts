import { serve } from '@hono/node-server'
import { createPool, createRockpool } from '@rockpool/sdk'
import { createApp } from './app.ts'

const { HOST = '127.0.0.1', PORT = '8080' } = process.env

const database = createPool()
const rockpool = createRockpool({ database })

const app = createApp(rockpool, database)
const server = serve({ fetch: app.fetch, hostname: HOST, port: Number(PORT) }, ({ address, port }) => {
  console.log(JSON.stringify({ msg: `the storefront listens on http://${address}:${port}` }))
})

// What is under way is answered; nothing new is taken.
function stop(): void {
  server.close(() => {
    rockpool.close()
    void database.end()
  })
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
