/*
 * What a configuration and a check file import: `import { check, defineConfig } from 'rockpool'`.
 *
 * Every child process that runs a check loads this, so it stays light: no package, and no part's index.
 */
import type { ConfigInput } from './kernel/index.ts'

export { bot } from './bots/authoring/bot.ts'
export type * from './bots/authoring/types.ts'
export { check } from './checks/authoring/check.ts'
export { contract } from './checks/authoring/contract.ts'
export type { ServiceOf } from './checks/authoring/contract-types.ts'
export type * from './checks/authoring/types.ts'
export type { ConfigInput }

/** Types a configuration: returns what it is given. It is validated when it is loaded, with every finding at once. */
export function defineConfig<C extends ConfigInput>(config: C): C {
  return config
}
