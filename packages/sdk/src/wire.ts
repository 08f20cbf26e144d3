/** The wire between gateway, relay and services: its vocabulary, and the pure functions that write and read it. */
export * from './wire/types.ts'
export * from './wire/names.ts'
export * from './wire/identity.ts'
export * from './wire/marks.ts'
