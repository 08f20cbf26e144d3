import type { Service } from 'rockpool'

// The services by the operationIds of their contracts, so that a misspelt call does not compile.
declare module 'rockpool' {
  interface Services {
    catalog: Service<'createItem' | 'listItems' | 'getItem' | 'updateItem' | 'getReservation'>
    orders: Service<'registerCustomer' | 'placeOrder' | 'listOrders' | 'getOrder' | 'cancelOrder'>
    payments: Service<'tokenizeCard' | 'listPayments' | 'getPayment'>
    storefront: Service<
      | 'browseItems'
      | 'showItem'
      | 'showCart'
      | 'changeCart'
      | 'showPayment'
      | 'payCart'
      | 'showPurchase'
      | 'getStyle'
    >
    'delivery-quotes': Service<'getDeliveryQuote'>
  }
}
