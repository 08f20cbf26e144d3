import type { Pool, Rockpool } from '@rockpool/sdk'
import type { FastifyInstance } from 'fastify'
import { findItem, insertItem, listItems, updateItem } from './items.ts'
import type { ItemChanges, NewItem } from './items.ts'
import { Problem } from './problem.ts'
import { itemChanges, newItem, page } from './schemas.ts'
import { findReservation } from './stock.ts'

interface WithId {
  Params: { id: string }
}

/** Whose items they are is what the gateway signed, never what a path or body claims. */
export function itemRoutes(app: FastifyInstance, rockpool: Rockpool, database: Pool): void {
  app.post<{ Body: NewItem }>(
    '/:organization/items',
    { schema: { body: newItem } },
    async (request, reply) => {
      const { organization } = rockpool.identity()
      const item = await rockpool.transaction((tx) => insertItem(tx, organization, request.body))
      return reply.code(201).header('location', `/${organization}/items/${item.id}`).send(item)
    },
  )

  app.get<{ Querystring: { limit?: string; cursor?: string } }>(
    '/:organization/items',
    { schema: { querystring: page } },
    async ({ query }) => {
      const { organization } = rockpool.identity()
      return listItems(database, organization, { limit: Number(query.limit ?? 20), cursor: query.cursor })
    },
  )

  app.get<WithId>('/:organization/items/:id', async ({ params }) => {
    const { organization } = rockpool.identity()
    return (await findItem(database, organization, params.id)) ?? unknown(params.id)
  })

  app.patch<WithId & { Body: ItemChanges }>(
    '/:organization/items/:id',
    { schema: { body: itemChanges } },
    async ({ params, body }) => {
      const { organization } = rockpool.identity()
      const item = await rockpool.transaction((tx) => updateItem(tx, organization, params.id, body))
      return item ?? unknown(params.id)
    },
  )

  app.get<{ Params: { order: string } }>('/:organization/reservations/:order', async ({ params }) => {
    const { organization } = rockpool.identity()
    const reservation = await findReservation(database, organization, params.order)
    if (reservation) return reservation
    throw new Problem(404, 'reservation_unknown', `The order ${params.order} has not come to the stock.`)
  })
}

function unknown(id: string): never {
  throw new Problem(404, 'item_unknown', `There is no item ${id} in this shop.`)
}
