/* What is heavy of the host: loaded when the first mock is asked for an answer. */
export { addressOfText, readBundle } from '../bundle.ts'
export { createMock } from '../mocks/index.ts'
