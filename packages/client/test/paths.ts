/** Types as `rockpool contract types` writes them, of a small contract. */
interface Problem {
  code: string
  detail: string
}

export interface Order {
  id: string
  total?: number
}

interface Operation {
  parameters: { query?: never; header?: never; path?: never; cookie?: never }
  requestBody?: never
}

type Answers<Body> = { headers: { [name: string]: unknown }; content: { 'application/json': Body } }
type Refused = { headers: { [name: string]: unknown }; content: { 'application/problem+json': Problem } }

export interface paths {
  '/orders': {
    get: {
      parameters: {
        query?: { cursor?: string; status?: string[] }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: { 200: Answers<{ items: Order[]; next: string | null }> }
    }
    post: {
      parameters: Operation['parameters']
      requestBody: { content: { 'application/json': { total: number } } }
      responses: { 201: Answers<Order>; 422: Refused; default: Answers<{ sorry: true }> }
    }
  }
  '/orders/{order}': {
    get: {
      parameters: { query?: never; header?: never; path: { order: string }; cookie?: never }
      requestBody?: never
      responses: { 200: Answers<Order>; 404: Refused; '5XX': Answers<{ broken: string }> }
    }
    delete: {
      parameters: { query?: never; header?: never; path: { order: string }; cookie?: never }
      requestBody?: never
      responses: { 204: { headers: { [name: string]: unknown }; content?: never } }
    }
  }
  '/{organization}/items': {
    get: {
      parameters: {
        query?: { limit?: number; offset?: number }
        header?: never
        path: { organization: string }
        cookie?: never
      }
      requestBody?: never
      responses: { 200: Answers<Order[]> }
    }
  }
  '/{organization}/items/{item}': {
    get: {
      parameters: {
        query?: never
        header?: never
        path: { organization: string; item: string }
        cookie?: never
      }
      requestBody?: never
      responses: { 200: Answers<Order> }
    }
  }
}

/** Notes as the generator writes them. */
export const notes = {
  'GET /orders': {
    id: 'listOrders',
    group: 'orders',
    pages: { kind: 'cursor', parameter: 'cursor', next: 'next', items: 'items' },
  },
  'POST /orders': { id: 'createOrder', group: 'orders' },
  'GET /orders/{order}': { id: 'getOrder', group: 'orders' },
  'GET /{organization}/items': {
    id: 'listItems',
    group: 'items',
    pages: { kind: 'offset', parameter: 'offset', items: null },
  },
  'GET /{organization}/items/{item}': { id: 'getItem', group: 'items' },
} as const
