import { refuse, valuesOf } from './ground.ts'
import type { RequestHead } from './ground.ts'

/** What is spoken instead of HTTP once a service has switched to it. */
export type UpgradeProtocol = 'websocket'

/** Of RFC 6455; there is no other one. */
export const webSocketVersion = '13'

/**
 * What the client asks to speak on this connection instead of HTTP; null: nothing that is heeded. RFC 9110 7.8: `Upgrade`
 * counts only where `Connection` names it, and a server may ignore it: then the request is served as any other. Heeded is
 * a GET without a body that asks for WebSocket and nothing else. Refuses a handshake that RFC 6455 4.2.1 does not allow. Pure.
 */
export function readUpgrade(head: RequestHead): UpgradeProtocol | null {
  if (valuesOf(head, 'upgrade').length === 0) return null
  const protocols = tokensOf(head, 'upgrade')
  if (protocols.length !== 1 || protocols[0] !== 'websocket') return null
  if (head.method !== 'GET' || hasBody(head) || !tokensOf(head, 'connection').includes('upgrade')) return null
  const keys = valuesOf(head, 'sec-websocket-key')
  // The nonce is 16 bytes in base64 (RFC 6455 4.1).
  if (keys.length !== 1 || !/^[A-Za-z0-9+/]{22}==$/.test(keys[0]!.trim()))
    throw refuse('malformed_request', 'a WebSocket needs one Sec-WebSocket-Key of 16 bytes in base64')
  const versions = valuesOf(head, 'sec-websocket-version')
  if (versions.length !== 1 || versions[0]!.trim() !== webSocketVersion)
    throw refuse(
      'upgrade_version',
      `of WebSocket only version ${webSocketVersion} is spoken: Sec-WebSocket-Version: ${webSocketVersion}`,
    )
  return 'websocket'
}

/** The elements of a list header, in lower case. */
function tokensOf(head: RequestHead, name: string): string[] {
  const values = valuesOf(head, name)
  if (values.length === 0) return []
  return values
    .join()
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '')
}

function hasBody(head: RequestHead): boolean {
  return (
    valuesOf(head, 'transfer-encoding').length > 0 ||
    valuesOf(head, 'content-length').some((value) => value.trim() !== '0')
  )
}
