import { defineConfig } from 'rockpool'

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
    },
    payments: {
      folder: './payments',
      contract: './payments/openapi.yaml',
      start: ['node', 'src/main.ts'],
      database: true,
      consumes: ['orders.order_placed', 'orders.order_cancelled'],
      env: ({ url }) => ({ BANK_URL: url('bank') }),
    },
    'delivery-quotes': {
      folder: './delivery-quotes',
      contract: './delivery-quotes/openapi.yaml',
      start: ['python3', '-B', 'server.py'],
      requires: ['python3'],
    },
  },
  thirdParties: {
    bank: { folder: './bank', start: ['node', 'server.mjs'], env: ({ data }) => ({ BANK_DATA: data }) },
  },
  checks: ['checks/**/*.check.ts'],
})
