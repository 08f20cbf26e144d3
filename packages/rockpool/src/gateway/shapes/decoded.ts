import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** Bytes of a body as its service meant them, at most. */
export const maxShapedBytes = 1024 * 1024

const coders: Readonly<Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer>> =
  {
    gzip: gunzipSync,
    'x-gzip': gunzipSync,
    deflate: inflateSync,
    br: brotliDecompressSync,
  }

/**
 * A body without its content coding (RFC 9110 8.4). Services are asked for none, and some answer with one all the same.
 * Undefined: it is not known, broken, or the body is larger than `maxShapedBytes` without it. Pure.
 */
export function decoded(body: Uint8Array, codings: readonly string[]): Uint8Array | undefined {
  const names = codings
    .flatMap((value) => value.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (names.length === 0 || body.length === 0) return body
  const coder = names.length === 1 && Object.hasOwn(coders, names[0]!) ? coders[names[0]!] : undefined
  try {
    return coder?.(body, { maxOutputLength: maxShapedBytes })
  } catch {
    return undefined
  }
}
