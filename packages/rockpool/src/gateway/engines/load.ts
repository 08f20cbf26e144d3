import type { EngineFactory } from './engine.ts'
import type { EngineName } from './names.ts'

/** Loads the engine that serves, and none that does not: one brings a whole client of HTTP along. */
export async function loadEngine(name: EngineName): Promise<EngineFactory> {
  if (name === 'node') return (await import('./node.ts')).createNodeEngine
  return (await import('./splice/index.ts')).createSpliceEngine
}
