export { usageSides } from './types.ts'
export type { ShippedRow, UsageShipment, UsageSide } from './types.ts'
export { createUsageBook, createUsageKeeper } from './usage.ts'
export type { UsageBook } from './usage.ts'
