import { createHmac, randomBytes } from 'node:crypto'
import { valuesOf } from './framing.ts'
import type { AnswerHead, RequestHead, Sighting } from './types.ts'

const longestTarget = 4_096
const mostSegments = 24
const keyHeaders = ['x-api-key', 'api-key', 'apikey', 'x-auth-token', 'x-access-token']
const keyParameters = new Set(['api_key', 'apikey', 'api-key', 'access_token', 'token', 'key'])

/** Of things that must not be kept, a hash that means nothing outside of this process. */
export type Hash = (text: string) => string

export function createHash(): Hash {
  const salt = randomBytes(32)
  return (text) => createHmac('sha256', salt).update(text).digest('base64url').slice(0, 16)
}

/** What a request shows, with nothing secret in it any more; undefined for what is not looked at. Pure but for the hash. */
export function sightRequest(
  { method, target, headers }: RequestHead,
  hash: Hash,
): Omit<Sighting, 'status' | 'answerType'> | undefined {
  if (target.length > longestTarget) return undefined
  const url = URL.parse(target, 'http://shadow')
  if (!url || !(target.startsWith('/') || /^https?:\/\//i.test(target))) return undefined
  // Of one trailing slash nothing is known: the router would not tell the two apart.
  const segments = url.pathname.slice(1).replace(/\/$/, '').split('/')
  if (segments.length > mostSegments) return undefined
  return {
    method,
    segments: segments[0] === '' && segments.length === 1 ? [] : segments.map(decoded),
    query: [...new Set(url.searchParams.keys())].slice(0, 30),
    credential: credentialOf(headers, url.searchParams, hash),
    requestType: mediaType(headers),
  }
}

export function sightAnswer({ status, headers }: AnswerHead): Pick<Sighting, 'status' | 'answerType'> {
  return { status, answerType: mediaType(headers) }
}

function credentialOf(
  headers: RequestHead['headers'],
  query: URLSearchParams,
  hash: Hash,
): Sighting['credential'] {
  const [authorization] = valuesOf(headers, 'authorization')
  if (authorization !== undefined) {
    const scheme = /^[A-Za-z][A-Za-z0-9-]{0,20}(?= )/.exec(authorization)?.[0].toLowerCase() ?? 'other'
    return { kind: `authorization ${scheme}`, hash: hash(authorization) }
  }
  for (const name of keyHeaders) {
    const [value] = valuesOf(headers, name)
    if (value !== undefined) return { kind: `header ${name}`, hash: hash(value) }
  }
  for (const [name, value] of query)
    if (keyParameters.has(name.toLowerCase()) && value !== '')
      return { kind: `query ${name.toLowerCase()}`, hash: hash(value) }
  for (const cookie of valuesOf(headers, 'cookie').join(';').split(';').slice(0, 50)) {
    const [, name, value] = /^\s*([A-Za-z0-9_.-]{1,40})=(.+)$/.exec(cookie) ?? []
    if (name !== undefined && value !== undefined && /sess|auth|token|sid/i.test(name))
      return { kind: `cookie ${name}`, hash: hash(value) }
  }
  return null
}

function mediaType(headers: RequestHead['headers']): string | null {
  const [value] = valuesOf(headers, 'content-type')
  const type = value?.split(';')[0]!.trim().toLowerCase()
  return type !== undefined && /^[a-z0-9.+-]{1,40}\/[a-z0-9.+-]{1,80}$/.test(type) ? type : null
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
