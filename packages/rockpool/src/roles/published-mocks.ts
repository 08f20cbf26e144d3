import type { SandboxMocks } from '../contracts/index.ts'
import type { PublishedMocks } from '../gateway/index.ts'

/** What sandboxes ask for, as gateways get it: with the place where it is answered. */
export function publishedMocks(
  mocks: Pick<SandboxMocks, 'list' | 'onChange'>,
  origin: string | null,
): PublishedMocks {
  return {
    list: async () =>
      (await mocks.list()).map(({ id, organization, service, version }) => ({
        id,
        organization,
        service,
        version,
        origin,
      })),
    onChange: mocks.onChange,
  }
}
