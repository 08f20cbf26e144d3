import type { Item } from '@rockpool/client/control'

export type FaultItem = Item<'GET /faults'>

const words: Readonly<Record<FaultItem['kind'], string>> = {
  unavailable: 'is broken',
  slow: 'is slow',
  delay: 'is slow',
  abort: 'breaks off before it answers',
  status: 'fails',
  wrong_field: 'answers a wrong field',
  reset: 'breaks off its answers',
  throttle: 'answers slowly',
}

/** `catalog is broken`, `orders.placeOrder answers 500, in 20 of 100 calls`. Pure. */
export function brokenWords({ service, operation, kind, status, percent }: FaultItem): string {
  const what = operation === null ? service : `${service}.${operation}`
  const how = kind === 'status' && status !== undefined ? `answers ${status}` : words[kind]
  return `${what} ${how}${percent === 100 ? '' : `, in ${percent} of 100 calls`}`
}
