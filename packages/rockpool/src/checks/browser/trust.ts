import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { withCauses } from '../child/errors.ts'
import { Obstructed } from '../child/obstructed.ts'

/**
 * Chromium knows nothing of NODE_EXTRA_CA_CERTS. Where authorities are named there, it is told to believe one key more: the one
 * that the gateway at `origin` shows, and that Node has verified just now. No other key is believed by it, and no other
 * host's.
 *
 * @throws Obstructed where the gateway does not answer, or its certificate is not trusted by Node
 */
export async function trustArguments(
  origin: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string[]> {
  if (!origin.startsWith('https:') || !environment['NODE_EXTRA_CA_CERTS']) return []
  return [`--ignore-certificate-errors-spki-list=${await verifiedKey(new URL(origin))}`]
}

/** SHA-256 of the key (SubjectPublicKeyInfo), in base64. */
function verifiedKey({ hostname, port }: URL): Promise<string> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return new Promise((resolve, reject) => {
    const name = isIP(host) ? {} : { servername: host }
    const socket = connect({ host, port: Number(port || 443), ...name, timeout: 10_000 })
    const failed = (error: Error) => {
      socket.destroy()
      reject(
        new Obstructed(`the gateway cannot be reached at ${hostname}: ${withCauses(error)}`, { retry: true }),
      )
    }
    socket.once('secureConnect', () => {
      const key = socket.getPeerX509Certificate()!.publicKey.export({ type: 'spki', format: 'der' })
      socket.destroy()
      resolve(createHash('sha256').update(key).digest('base64'))
    })
    socket.once('timeout', () => failed(new Error('no answer within 10 s')))
    socket.once('error', failed)
  })
}
