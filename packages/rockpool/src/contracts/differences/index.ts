export { aspectsOf, chooseDifferences, operationsOf } from './choose.ts'
export type { Aspect } from './choose.ts'
export { differencesOf, noPolicy } from './differences.ts'
export { canonical as canonicalMediaType, takesIn } from './media-types.ts'
export { shapeOf } from './paths.ts'
export { deeds } from './types.ts'
export { ruleOf, rules } from './rules.ts'
export { labelOf, tokenOf } from './schemas/branches.ts'
export { valuesByName } from './schemas/discriminators.ts'
export { detailOf } from './schemas/equal.ts'
export { kindsOf } from './schemas/kinds.ts'
export { simplify } from './schemas/simplify.ts'
export type {
  Deed,
  Difference,
  Met,
  OperationName,
  Policy,
  Rule,
  Use,
  MetBy,
  Weighable,
  Weights,
} from './types.ts'
export { formatJson } from './format/json.ts'
export { formatMarkdown } from './format/markdown.ts'
export { trafficOf } from './format/traffic.ts'
export { formatText } from './format/text.ts'
export { operationText, sentenceOf, weightOf, weights } from './format/sentence.ts'
