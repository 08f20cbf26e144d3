export { createValidator } from './validator.ts'
export type { Validator } from './validator.ts'
export { knownFormats } from './formats/formats.ts'
export type { FormatRule, FormatRules, ValidatorOptions, Violation } from './types.ts'
