/*
 * Faults as a team might ship them: exact replacements in a copy of examples/shop. Each leaves the shop running, and
 * wrong. `patch` of a TestShop applies one; the text to find stands in its file exactly once.
 */

export interface Fault {
  name: string
  /** Within the shop's folder. */
  file: string
  find: string
  replace: string
  /** The service to restart, before and after. */
  service: string
}

/** The catalog shows, and so the customer pays, one euro more than the seller asked for. */
export const wrongPrice: Fault = {
  name: 'wrong price in the catalog',
  file: 'catalog/src/items.ts',
  find: 'price: row.price,',
  replace: 'price: row.price + 100,',
  service: 'catalog',
}

/** The money is taken, and the order never hears of it. */
export const neverPaid: Fault = {
  name: 'an order that is never paid',
  file: 'orders/src/lifecycle.ts',
  find: "payment_captured: 'paid',",
  replace: "payment_captured: 'placed',",
  service: 'orders',
}

/** Nobody said what stands in for a charge: in a sandbox it is denied. */
export const noStandIn: Fault = {
  name: 'an effect without a stand-in',
  file: 'payments/src/bank.ts',
  find: 'sandbox: async (charge) => standInCharge(charge),',
  replace: '',
  service: 'payments',
}
