import { z } from 'zod'
import { aspects, fidelities } from './types.ts'

const text = z.string().max(300)
/** Paths of contracts, and places in bodies. */
const place = z.string().max(4_000)
const time = z.iso.datetime()

const finding = z.object({
  what: z.enum(aspects),
  at: place.describe('JSON pointer into the body, with * for any item; or the name of a header'),
  message: text,
  breaks: z.boolean().describe('the service’s answer breaks its contract; otherwise both keep to it'),
})

/** How the mock of one operation stands to its service, as the one who asked both tells it. */
export const operationFidelity = z.object({
  operation: z.string().min(1).max(300),
  method: z.string().max(40),
  path: place,
  result: z.enum(fidelities),
  reason: text.nullable().describe('why it was not tried'),
  findings: z.array(finding).max(20),
})

export const contractAddress = z.string().regex(/^sha256:[0-9a-f]{64}$/)

/** One operation, as it is kept. */
export const seenFidelity = operationFidelity.extend({
  address: contractAddress.describe('of the contract that both were asked by'),
  run: z.string().describe('the run that saw it'),
  seenAt: time,
  faithfulAt: time.nullable().describe('when it was faithful for the last time'),
})
export type SeenFidelity = z.infer<typeof seenFidelity>

export const mockFidelity = z.object({
  service: z.string(),
  operations: z.int(),
  faithful: z.int(),
  differs: z.int(),
  lastSeen: time.nullable().describe('of the newest run; null: no run has looked'),
  items: z.array(seenFidelity),
})
export type MockFidelity = z.infer<typeof mockFidelity>
