/** Of a service's URL. One that runs elsewhere may have a path before its contract's paths: `https://example.test/v1`. Pure. */
export function placeOf(url: string): { origin: string; prefix: string } {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  if (slash < 0) return { origin: url, prefix: '' }
  return { origin: url.slice(0, slash), prefix: url.slice(slash).replace(/\/+$/, '') }
}
