/** Where a visitor's browser says it is: the gateway is in between. */
export function originOf(request: { header(name: string): string | undefined }) {
  const protocol = request.header('x-forwarded-proto') === 'https' ? 'https' : 'http'
  return { protocol, host: request.header('x-forwarded-host') } as const
}

/**
 * Whether a form was sent by a page of this very origin. SameSite alone would let in every other port of this host. A
 * client that says nothing of where it comes from is no browser, and can be made to send nothing on another's behalf.
 * `host`, `protocol`: as the visitor sees them. Pure.
 */
export function isSameOrigin(
  header: (name: string) => string | undefined,
  { protocol, host }: { protocol: string; host: string | undefined },
): boolean {
  const site = header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const origin = header('origin')
  return origin === undefined || (host !== undefined && origin === `${protocol}://${host}`)
}
