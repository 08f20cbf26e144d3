/** A call as somebody showed it: to be made, and to become a check. */
export interface ShownCall {
  method: string
  url: URL
  /** Names in lower case, in their order. */
  headers: [string, string][]
  body: string | null
}

export const isSafe = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/** What browsers and curl add by themselves: it says nothing about the call, and much about whoever made it. */
const noise =
  /^(:.*|host|content-length|connection|keep-alive|transfer-encoding|te|trailer|upgrade.*|expect|sec-.*|user-agent|accept-encoding|accept-language|origin|referer|cache-control|pragma|priority|dnt|if-none-match|if-modified-since|purpose|rockpool-.*|x-forwarded-.*|forwarded|baggage|traceparent|tracestate)$/

export function withoutNoise(headers: readonly [string, string][]): [string, string][] {
  return headers.filter(([name]) => !noise.test(name))
}
