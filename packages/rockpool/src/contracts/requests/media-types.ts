import type { MediaType } from '../types.ts'

/** RFC 9110 8.3.1. */
export interface ContentType {
  /** Type and subtype, in small letters. */
  name: string
  /** By name in small letters. */
  parameters: ReadonlyMap<string, string>
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const nameForm = new RegExp(`^\\s*(${token}/${token})\\s*(?:;|$)`)
const parameterForm = new RegExp(`;[ \\t]*(${token})=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s"]*))`, 'g')

/** Undefined: it is no media type. */
export function readContentType(text: string): ContentType | undefined {
  const name = nameForm.exec(text)?.[1]
  if (name === undefined) return undefined
  const parameters = new Map<string, string>()
  for (const [, key = '', quoted, plain = ''] of text.slice(name.length).matchAll(parameterForm)) {
    const lower = key.toLowerCase()
    if (!parameters.has(lower)) parameters.set(lower, quoted?.replaceAll(/\\(.)/g, '$1') ?? plain)
  }
  return { name: name.toLowerCase(), parameters }
}

/** What a contract writes as a media type, without parameters. */
export function rangeOf(media: MediaType): string {
  return media.name.split(';')[0]!.trim().toLowerCase()
}

/** The most specific of them that a media type matches (OpenAPI 3.1, 4.8.14.1): `text/plain` before `text/*` before anything. */
export function matchMedia(content: readonly MediaType[], name: string): MediaType | undefined {
  const ranges = [name, `${name.split('/')[0]}/*`, '*/*']
  for (const range of ranges) {
    const found = content.find((media) => rangeOf(media) === range)
    if (found !== undefined) return found
  }
  return undefined
}

export const urlEncoded = 'application/x-www-form-urlencoded'
export const multipartForm = 'multipart/form-data'
export const unknownBytes = 'application/octet-stream'

export function isJson(name: string): boolean {
  return name === 'application/json' || name === 'text/json' || name.endsWith('+json')
}

export function isText(name: string): boolean {
  return name.startsWith('text/') || /[/+](?:xml|yaml)$/.test(name)
}
