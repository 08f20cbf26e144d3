import type { EngineFactory } from './engine.ts'
import { createNodeEngine } from './node.ts'
import { createSpliceEngine } from './splice/index.ts'

/** Every engine that exists, by the name in the configuration. */
export const engines = {
  node: createNodeEngine,
  splice: createSpliceEngine,
} as const satisfies Record<string, EngineFactory>

export type EngineName = keyof typeof engines

/** What moves the bytes unless the configuration says otherwise. */
export const defaultEngine: EngineName = 'splice'

export const engineNames = Object.keys(engines) as EngineName[]

export function isEngineName(name: string): name is EngineName {
  return Object.hasOwn(engines, name)
}
