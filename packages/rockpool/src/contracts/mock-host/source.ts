import { fromJwks, jwksPath } from '@rockpool/sdk/wire'
import { z } from 'zod'
import { problem } from '../../kernel/index.ts'
import type { MockSource } from './types.ts'

const listMs = 5_000
const contractMs = 60_000
const maxListBytes = 8 * 1024 * 1024
/** JSON in JSON: a bundle has 64 MB at most, and its texts are escaped. */
const maxContractBytes = 256 * 1024 * 1024

const word = z.string().min(1).max(200)
const listed = z.object({
  items: z.array(
    z.object({
      id: word,
      organization: word,
      service: word,
      address: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      seed: z.string().max(200),
    }),
  ),
})

/** @param options `controlUrl`: control's origin; `roleToken`: of the role mocks */
export function createMockSource({
  controlUrl,
  roleToken,
}: {
  controlUrl: string
  roleToken: string
}): MockSource {
  const get = async (path: string, ms: number, maxBytes: number, authorized = true): Promise<string> => {
    const response = await fetch(controlUrl + path, {
      headers: authorized ? { authorization: `Bearer ${roleToken}` } : {},
      redirect: 'error',
      signal: AbortSignal.timeout(ms),
    }).catch((error: unknown) => {
      throw problem('control_unreachable', `control did not answer to GET ${path}`, { cause: error })
    })
    const text = await textOf(response, maxBytes)
    if (response.ok) return text
    throw problem('control_unreachable', `control answered ${response.status} to GET ${path}`)
  }
  return {
    list: async () => listed.parse(JSON.parse(await get('/internal/mocks', listMs, maxListBytes))).items,
    async keys() {
      const keys = fromJwks(JSON.parse(await get(jwksPath, listMs, maxListBytes, false)))
      if (keys === undefined) throw problem('control_unreachable', `GET ${jwksPath} of control is no key set`)
      return [...keys]
    },
    contract: (address) => get(`/internal/mocks/contracts/${address}`, contractMs, maxContractBytes),
  }
}

async function textOf(response: Response, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body ?? []) {
    bytes += piece.length
    if (bytes > maxBytes)
      throw problem('control_unreachable', `an answer of control has more than ${maxBytes} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
