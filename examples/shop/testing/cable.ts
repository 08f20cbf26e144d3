import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A way to a server that a test can cut: connections break, and new ones are refused until it is mended. */
export interface Cable {
  port: number
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function createCable(host: string, port: number): Promise<Cable> {
  const ends = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(port, host)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      from.on('error', () => {}).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const cable: Cable = {
    port: (server.address() as AddressInfo).port,
    async cut() {
      const closed = once(server, 'close')
      server.close()
      for (const end of ends) end.destroy()
      ends.clear()
      await closed
    },
    mend: () => listen(cable.port),
  }
  return cable
}
