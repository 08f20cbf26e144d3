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
  /** `left`: one of its connections is closed. One for all of them, so that none holds a listener of its own. */
  const byClient = new Map<string, { open: number; left: () => void }>()

  function enter(client: string) {
    const entered = {
      open: 0,
      left() {
        entered.open -= 1
        if (entered.open === 0) byClient.delete(client)
      },
    }
    byClient.set(client, entered)
    return entered
  }

  return {
    admits(socket) {
      const client = countedAddress(socket.remoteAddress ?? '')
      const others = byClient.get(client)
      if (others !== undefined && others.open >= most) {
        socket.destroy()
        onRefused(client)
        return false
      }
      const entered = others ?? enter(client)
      entered.open += 1
      socket.on('close', entered.left)
      return true
    },
  }
}
