/**
 * The services of the configuration, by their contracts.
 * Made by `rockpool contract types --checks`: changes here are lost.
 */
import type { ServiceOf } from 'rockpool'
import type { operations as catalogOperations } from './catalog.d.ts'
import type { operations as ordersOperations } from './orders.d.ts'
import type { operations as paymentsOperations } from './payments.d.ts'
import type { operations as storefrontOperations } from './storefront.d.ts'
import type { operations as deliveryQuotesOperations } from './delivery-quotes.d.ts'

declare module 'rockpool' {
  interface Services {
    catalog: ServiceOf<catalogOperations>
    orders: ServiceOf<ordersOperations>
    payments: ServiceOf<paymentsOperations>
    storefront: ServiceOf<storefrontOperations>
    'delivery-quotes': ServiceOf<deliveryQuotesOperations>
  }
}
