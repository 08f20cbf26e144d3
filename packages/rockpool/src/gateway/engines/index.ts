import type { EngineFactory } from './engine.ts'
import type { EngineName } from './names.ts'
import { createNodeEngine } from './node.ts'
import { createSpliceEngine } from './splice/index.ts'

export { engineNames } from './names.ts'
export type { EngineName } from './names.ts'

/** Every engine that exists. A process that serves by one of them loads that one alone (load.ts). */
export const engines = {
  node: createNodeEngine,
  splice: createSpliceEngine,
} as const satisfies Record<EngineName, EngineFactory>
