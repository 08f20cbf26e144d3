/*
 * What another part defines its kind of scenario with. Every child process that runs one loads this, so it stays
 * light: no package, and no part's index.
 */
export { defineScenario } from './authoring/check.ts'
export { Obstructed } from './child/obstructed.ts'
export type { Duration, Fixtures, Inside, ScenarioDefinition } from './authoring/types.ts'
