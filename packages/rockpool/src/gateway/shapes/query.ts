/** Parameters that are the gateway's where an operation has the option for them. */
export type AskedName = 'envelope' | 'callback' | 'method'

export interface AskedQuery {
  /** Their values, decoded, in their order. */
  values: ReadonlyMap<AskedName, readonly string[]>
  /** The query with its `?`, without those that are named here; '' when nothing is left. The rest is as it was. */
  without(taken: ReadonlySet<AskedName>): string
}

const parameter = /^(envelope|callback|method)(?:=|$)/

/** Quick: whether a request's target could ask for anything. */
export function mayAsk(target: string): boolean {
  return target.includes('?') && /[?&](?:envelope|callback|method)=/.test(target)
}

/** Pure. `query` begins with its `?`. */
export function readQuery(query: string): AskedQuery {
  const pairs = query
    .slice(1)
    .split('&')
    .map((text) => ({ text, name: parameter.exec(text)?.[1] as AskedName | undefined }))
  const values = new Map<AskedName, string[]>()
  for (const { text, name } of pairs)
    if (name !== undefined)
      values.set(name, [...(values.get(name) ?? []), decode(text.slice(name.length + 1))])
  return {
    values,
    without(taken) {
      const left = pairs.filter(({ name }) => name === undefined || !taken.has(name))
      return left.length === 0 ? '' : `?${left.map(({ text }) => text).join('&')}`
    },
  }
}

/** What cannot be decoded is nothing that is known. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
