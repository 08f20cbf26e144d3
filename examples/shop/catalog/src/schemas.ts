// What the routes accept; Fastify checks it, and lists all findings.

const name = { type: 'string', minLength: 1, maxLength: 200 }
const price = { type: 'integer', minimum: 1, maximum: 10_000_000 }
const stock = { type: 'integer', minimum: 0, maximum: 1_000_000 }
const currency = { type: 'string', pattern: '^[A-Z]{3}$' }

export const newItem = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'price', 'currency', 'stock'],
  properties: { name, price, currency, stock },
}

export const itemChanges = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: { name, price, stock },
}

export const page = {
  type: 'object',
  properties: {
    limit: { type: 'string', pattern: '^([1-9][0-9]?|100)$' },
    cursor: { type: 'string', maxLength: 100 },
  },
}
