export { createEffectsConsumer } from './consumer.ts'
export { createEffects } from './effects.ts'
export type { Effects, EffectsOptions } from './effects.ts'
export { effectsOperations } from './handlers.ts'
export type { EffectOutcome, EffectPage, EffectRecord } from './types.ts'

/** For `migrate`. */
export const effectsMigrations = {
  schema: 'effects',
  folder: new URL('./migrations/', import.meta.url),
} as const
