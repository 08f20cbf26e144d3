import type { EngineFactory } from './engine.ts'
import { createNodeEngine } from './node.ts'

/** Every engine that exists, by the name in the configuration. */
export const engines = { node: createNodeEngine } as const satisfies Record<string, EngineFactory>

export type EngineName = keyof typeof engines
