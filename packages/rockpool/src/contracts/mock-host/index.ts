export { startMockHost } from './host.ts'
export type { MockHost } from './host.ts'
export { createMockSource } from './source.ts'
export type { HostedMock, MockSource } from './types.ts'
