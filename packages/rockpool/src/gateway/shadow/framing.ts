import type { AnswerHead, Body, Headers, RequestHead } from './types.ts'

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]"
export const requestLine = new RegExp(`^(${token}{1,64}) (\\S+) HTTP/1\\.[01]$`)
export const statusLine = /^HTTP\/1\.[01] ([1-9][0-9]{2})(?: |$)/

/** The request line and its headers. Throws where it is none of HTTP/1. Pure. */
export function readRequest(line: string, headers: Headers): RequestHead {
  const [, method, target] = requestLine.exec(line) ?? []
  if (method === undefined || target === undefined) throw new Error('this is no request of HTTP/1')
  return { method, target, headers }
}

/** The status line and its headers. Throws where it is none of HTTP/1. Pure. */
export function readAnswer(line: string, headers: Headers): AnswerHead {
  const status = statusLine.exec(line)?.[1]
  if (status === undefined) throw new Error('this is no answer of HTTP/1')
  return { status: Number(status), headers }
}

/** RFC 9112 6.3 for requests. Throws where the length cannot be told. Pure. */
export function bodyOfRequest({ headers }: RequestHead): Body {
  return framed(headers) ?? 'none'
}

/** RFC 9112 6.3 for answers. `method`: of the request; null where none is known. Throws where it cannot be told. Pure. */
export function bodyOfAnswer({ status, headers }: AnswerHead, method: string | null): Body {
  if (status === 101 || (method === 'CONNECT' && status >= 200 && status < 300)) return 'raw'
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304) return 'none'
  return framed(headers) ?? 'until-close'
}

function framed(headers: Headers): Body | undefined {
  const codings = valuesOf(headers, 'transfer-encoding')
  if (codings.length > 0) {
    if (/(^|,)\s*chunked$/i.test(codings.join(','))) return 'chunked'
    throw new Error('the body is framed in a way that is not known')
  }
  const lengths = new Set(valuesOf(headers, 'content-length').flatMap((value) => value.split(/\s*,\s*/)))
  if (lengths.size === 0) return undefined
  const [length = ''] = lengths
  if (lengths.size > 1 || !/^[0-9]{1,15}$/.test(length)) throw new Error('the body has no one length')
  return { bytes: Number(length) }
}

export function valuesOf(headers: Headers, name: string): string[] {
  return headers.filter(([one]) => one === name).map(([, value]) => value)
}
