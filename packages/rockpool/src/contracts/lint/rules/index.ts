import type { HouseRule } from '../types.ts'
import { collectionRules } from './collections.ts'
import { eventRules } from './events.ts'
import { fieldRules } from './fields.ts'
import { inclusiveWords } from './inclusive-words.ts'
import { modelRules } from './models.ts'
import { parameterRules, wellKnownRules } from './parameters.ts'
import { pathRules } from './paths.ts'
import { unionRules } from './unions.ts'

/** Every rule over the model. */
export const houseRules: readonly HouseRule[] = [
  ...pathRules,
  ...wellKnownRules,
  ...parameterRules,
  ...collectionRules,
  ...fieldRules,
  ...modelRules,
  ...eventRules,
  ...unionRules,
  inclusiveWords,
]
