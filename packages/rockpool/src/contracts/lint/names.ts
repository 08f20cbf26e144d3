/** `OrderUpserted`, `orderUpserted` and `order-upserted` are `order_upserted`: rules are about words, not about their case. */
export function words(name: string): string {
  return name
    .slice(0, longest)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z\d]+/g, '_')
    .toLowerCase()
}

/** Names that go on longer differ by nothing that a rule asks for. */
const longest = 500

/** A list for a message: `a, b and c`. */
export function listed(names: readonly string[], last = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`
}

/** A foreign name, for a message. */
export function cut(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name
}
