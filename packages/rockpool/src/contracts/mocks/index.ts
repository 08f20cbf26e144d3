export { createMock } from './mock.ts'
export { startMockServer } from './server.ts'
export type { MockServer } from './server.ts'
export type { Mock, MockAnswer, MockOptions, MockRequest } from './types.ts'
