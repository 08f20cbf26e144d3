/** Where a service is. */
export interface Place {
  origin: string
  /** Before its contract's paths; '' where they begin at once. */
  prefix: string
}

/** By URL; there are as many as services and releases have had. */
let known = new Map<string, Place>()
const mostKnown = 1_000

/** Of a service's URL. One that runs elsewhere may have a path before its contract's paths: `https://example.test/v1`. */
export function placeOf(url: string): Place {
  const found = known.get(url)
  if (found !== undefined) return found
  if (known.size >= mostKnown) known = new Map()
  const place = readPlace(url)
  known.set(url, place)
  return place
}

function readPlace(url: string): Place {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  if (slash < 0) return { origin: url, prefix: '' }
  return { origin: url.slice(0, slash), prefix: url.slice(slash).replace(/\/+$/, '') }
}
