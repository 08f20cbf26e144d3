import type { Deploys } from '../deploys/index.ts'
import type { Log } from '../kernel/index.ts'
import { messageOf } from '../kernel/index.ts'

/** Where services run now, kept in memory: with Postgres away, the last known places stay. */
export interface ServiceUrls {
  /** Undefined while it does not run. */
  of(service: string): string | undefined
  close(): Promise<void>
}

export async function followServiceUrls(deploys: Deploys, log: Log): Promise<ServiceUrls> {
  let urls = new Map<string, string>()
  const read = async () => {
    const services = await deploys.list()
    urls = new Map(
      services.flatMap(({ name, state, url }) => (state === 'running' && url !== null ? [[name, url]] : [])),
    )
  }
  const readAgain = () =>
    void read().catch((error: unknown) =>
      log.warn({ error: messageOf(error) }, 'the places of services cannot be read: keeping the last ones'),
    )
  const listener = await deploys.onChange(readAgain)
  // A lost notification is mended by looking again.
  const floor = setInterval(readAgain, 2_000)
  await read()
  return {
    of: (service) => urls.get(service),
    async close() {
      clearInterval(floor)
      await listener.close()
    },
  }
}
