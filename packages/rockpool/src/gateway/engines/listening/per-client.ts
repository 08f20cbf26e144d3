import type { Socket } from 'node:net'

/** Counts the open connections of each address, and closes what comes beyond `most`. */
export function createPerClient(most: number): { admits(socket: Socket): boolean } {
  const byAddress = new Map<string, number>()
  return {
    admits(socket) {
      const address = socket.remoteAddress ?? ''
      const others = byAddress.get(address) ?? 0
      if (others >= most) {
        socket.destroy()
        return false
      }
      byAddress.set(address, others + 1)
      socket.once('close', () => {
        const left = byAddress.get(address)! - 1
        if (left === 0) byAddress.delete(address)
        else byAddress.set(address, left)
      })
      return true
    },
  }
}
