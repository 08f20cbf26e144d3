import { z } from 'zod'
import { problem } from './problem.ts'

/*
 * Bytes: a body or an answer of an operation that is no JSON, such as a picture or an archive.
 *
 *   body: bytes({ types: ['image/png'], limit: 4 * 1024 * 1024 })        the handler receives { type, bytes }
 *   answers: { 200: bytes({ types: ['image/png'], limit: … }) }          the handler gives    { type, bytes }
 */

export interface BytesValue {
  /** Media type, without parameters, such as `image/png`. */
  type: string
  /** Parameters of the media type that an answer carries, such as `version=0.0.4`. */
  parameters?: string
  bytes: Uint8Array
}

export interface BytesRule {
  /** The media types that are taken; others are refused. */
  types: readonly string[]
  /** Bytes at most, up to 32 MB: they are held in memory. */
  limit: number
}

export const mostBytes = 32 * 1024 * 1024

/** What a browser would run or render as a document of the origin that serves it. */
const active = /html|xml|svg|script|wasm|pdf/

/**
 * The schema of a body or an answer that is bytes.
 *
 * @throws Error for a type that a browser would run, or a limit above 32 MB: a mistake in our own code.
 */
export function bytes(rule: BytesRule): z.ZodType<BytesValue, BytesValue> {
  const unsafe = rule.types.find((type) => !/^[a-z]+\/[a-z0-9.+-]+$/.test(type) || active.test(type))
  if (unsafe !== undefined || rule.types.length === 0) throw new Error(`bytes cannot be of type “${unsafe}”`)
  if (!(rule.limit > 0 && rule.limit <= mostBytes))
    throw new Error(`bytes have a limit of at most ${mostBytes}`)
  return z
    .custom<BytesValue>(
      (value) => fits(rule, value),
      `is bytes: ${rule.types.join(', ')}, ${rule.limit} at most`,
    )
    .meta({ bytes: rule })
}

function fits({ types, limit }: BytesRule, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { type, bytes: content } = value as Partial<BytesValue>
  return types.includes(type ?? '') && content instanceof Uint8Array && content.length <= limit
}

/** The rule of a schema that `bytes` made; undefined for any other. */
export function bytesRuleOf(schema: z.ZodType | null | undefined): BytesRule | undefined {
  return schema?.meta()?.['bytes'] as BytesRule | undefined
}

export const bodyTooLarge = (limit: number) =>
  problem('body_too_large', `a body here has at most ${limit} bytes`)

/** Reads a body to its end, or refuses it as soon as it is known to be larger: `body_too_large`. */
export async function readBytes(message: Request | Response, limit: number): Promise<Uint8Array> {
  if (Number(message.headers.get('content-length') ?? 0) > limit) throw bodyTooLarge(limit)
  if (!message.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of message.body) {
    size += chunk.length
    if (size > limit) throw bodyTooLarge(limit)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The media type of a Content-Type header, in lower case, without parameters. */
export const mediaType = (header: string | null | undefined): string =>
  (header ?? '').split(';')[0]!.trim().toLowerCase()

/** The body of a request that is to be bytes; `unsupported_media_type`, `body_too_large`. */
export async function readBytesBody(rule: BytesRule, request: Request): Promise<BytesValue> {
  const type = mediaType(request.headers.get('content-type'))
  if (!rule.types.includes(type))
    throw problem('unsupported_media_type', `send the body as one of: ${rule.types.join(', ')}`)
  if (!['', 'identity'].includes((request.headers.get('content-encoding') ?? '').toLowerCase()))
    throw problem('unsupported_media_type', 'send the body as it is, without a content encoding')
  return { type, bytes: await readBytes(request, rule.limit) }
}

/** The answer that carries them; a browser neither guesses another type, nor runs anything in it. */
export function bytesAnswer({ type, parameters, bytes: content }: BytesValue, status: number): Response {
  return new Response(content as Uint8Array<ArrayBuffer>, {
    status,
    headers: {
      'content-type': parameters === undefined ? type : `${type}; ${parameters}`,
      'content-length': String(content.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    },
  })
}
