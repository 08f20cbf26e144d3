import { createServer } from 'node:http'
import { createPool, createRockpool } from '@rockpool/sdk'
import { rockpoolNodeHttp } from '@rockpool/sdk/node-http'

const rockpool = createRockpool({ database: createPool() })

interface Charge {
  order: string
  amount: number
  idempotencyKey: string
}

const charge = rockpool.effect('bank.charge', {
  production: async ({ order, amount, idempotencyKey }: Charge) => {
    const response = await fetch(`${process.env['BANK_URL']}/charges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify({ order, amount }),
    })
    if (!response.ok) throw new Error(`the bank answered ${response.status}`)
    return ((await response.json()) as { receipt: string }).receipt
  },
  sandbox: async ({ order }) => `pretended-${order}`,
})

rockpool.consume<{ total: number }>('orders.order_placed', async (event, tx) => {
  const receipt = await charge({ order: event.subject, amount: event.data.total, idempotencyKey: event.id })
  const payment = [event.organization, event.subject, receipt]
  await tx.query('insert into payments (organization, order_id, receipt) values ($1, $2, $3)', payment)
  await rockpool.publish(tx, { type: 'order_paid', key: event.subject, data: { receipt } })
})

const server = createServer(rockpoolNodeHttp(rockpool, (_request, response) => response.writeHead(404).end()))
server.listen(Number(process.env['PORT']), process.env['HOST'])
