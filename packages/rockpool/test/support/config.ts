import { Problem } from '../../src/kernel/index.ts'
import type { Finding } from '../../src/kernel/index.ts'

/** A valid configuration without services, for tests that add what they are about. */
export const baseConfig = {
  name: 'shop',
  installations: { local: { gateway: 'http://127.0.0.1:8470', control: 'http://127.0.0.1:8471' } },
  organizations: [
    { slug: 'harbor', name: 'Harbor Goods', environment: 'production' },
    { slug: 'harbor-test', name: 'Harbor Test', environment: 'sandbox' },
  ],
  sandboxes: { parent: 'harbor' },
  services: {},
}

/** What is wrong with what is read; nothing when it is read. */
export function findingsIn(reading: Promise<unknown>): Promise<Pick<Finding, 'path' | 'message'>[]> {
  return reading.then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof Problem)) throw error
      return error.findings.map(({ path, message }) => ({ path, message }))
    },
  )
}
