import type { Socket } from 'node:net'
import { countedAddress } from '../../../kernel/index.ts'

/**
 * Counts the open connections of each client, and closes what comes beyond `most`. A client is an address, or of IPv6 the
 * network that whoever is there may choose addresses of.
 *
 * @param onRefused hears of each that is closed
 */
export function createPerClient(
  most: number,
  onRefused: (client: string) => void = () => {},
): { admits(socket: Socket): boolean } {
  const byClient = new Map<string, number>()
  return {
    admits(socket) {
      const client = countedAddress(socket.remoteAddress ?? '')
      const others = byClient.get(client) ?? 0
      if (others >= most) {
        socket.destroy()
        onRefused(client)
        return false
      }
      byClient.set(client, others + 1)
      socket.once('close', () => {
        const left = byClient.get(client)! - 1
        if (left === 0) byClient.delete(client)
        else byClient.set(client, left)
      })
      return true
    },
  }
}
