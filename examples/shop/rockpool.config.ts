import { defineConfig } from 'rockpool'

// Bots order as customers do, in production: under addresses of their own domain, with a card of the company's own.
const [botsDomain, botCard] = ['bots.harbor.example', 'card_bot_harbor']

export default defineConfig({
  name: 'shop',
  installations: {
    local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471', embedded: true },
  },
  organizations: [{ slug: 'harbor', name: 'Harbor Goods', environment: 'production' }],
  sandboxes: { parent: 'harbor', ttl: '1h' },
  services: {
    catalog: {
      folder: './catalog',
      contract: './catalog/openapi.yaml',
      start: ['node', 'src/main.ts'],
      database: true,
      consumes: ['orders.order_placed', 'orders.order_cancelled'],
      env: { OPENING_STOCK_OF: 'harbor' },
      // Forms in which older clients call (docs/shapes.md).
      shapes: {
        listItems: ['envelope', 'jsonp', 'method'],
        createItem: ['envelope', 'form', 'octet-stream'],
      },
      // What does not keep to its contract does not reach it (docs/gateway.md).
      validation: 'refuse',
    },
    orders: {
      folder: './orders',
      contract: './orders/openapi.yaml',
      start: ['node', 'src/main.ts'],
      database: true,
      consumes: [
        'payments.payment_captured',
        'payments.payment_failed',
        'payments.payment_refunded',
        'catalog.item_sold_out',
      ],
      env: { BOTS_DOMAIN: botsDomain, BOT_CARD: botCard },
      // It reads addresses in more ways than its contract writes them, and knows by them who is a bot.
      validation: { requests: 'refuse', operations: { registerCustomer: 'report' } },
    },
    payments: {
      folder: './payments',
      contract: './payments/openapi.yaml',
      start: ['node', 'src/main.ts'],
      database: true,
      consumes: ['orders.order_placed', 'orders.order_cancelled'],
      env: ({ url }) => ({ BANK_URL: url('bank'), BOT_CARD: botCard }),
      validation: 'refuse',
    },
    storefront: {
      folder: './storefront',
      contract: './storefront/openapi.yaml',
      start: ['node', 'src/main.ts'],
      database: true,
      // A form that is wrong is answered to a person, with a page.
      validation: 'report',
    },
    'delivery-quotes': {
      folder: './delivery-quotes',
      contract: './delivery-quotes/openapi.yaml',
      start: ['python3', '-B', 'server.py'],
      requires: ['python3'],
      validation: 'refuse',
    },
  },
  thirdParties: {
    bank: {
      folder: './bank',
      start: ['node', 'server.mjs'],
      env: ({ data }) => ({ BANK_DATA: data, BANK_CARDS: botCard }),
    },
  },
  checks: ['checks/**/*.check.ts'],
  bots: { domain: botsDomain, files: ['bots/**/*.bot.ts'] },
  grants: [
    {
      bot: 'order and cancel',
      organization: 'harbor',
      card: botCard,
      writes: { perRun: 10, perHour: 240 },
      why: 'orders as a customer does, to know that production works right now',
    },
  ],
})
