import { expect } from 'vitest'
import { createSampler } from '../../src/contracts/samples/index.ts'
import type { Sample, SampleOptions, SampleValidator } from '../../src/contracts/samples/index.ts'
import type { Json, Schema } from '../../src/contracts/types.ts'
import { ajvOf } from './contract-ajv.ts'

type Options = Partial<SampleOptions> & { schemas?: Record<string, Schema>; seed?: string }

/** Samplers of one schema share a validator: it takes its time to begin. */
const validators = new WeakMap<object, SampleValidator>()
const noSchemas = {}

function validatorOf(schemas: Record<string, Schema>): SampleValidator {
  let validator = validators.get(schemas)
  if (validator === undefined)
    validators.set(schemas, (validator = ajvOf({ schemas: new Map(Object.entries(schemas)) })))
  return validator
}

/** A sample of a schema, with Ajv as its validator. */
export function sampled(
  schema: Schema,
  { schemas = noSchemas, seed = '', ...options }: Options = {},
): Sample {
  const contract = { schemas: new Map(Object.entries(schemas)) }
  const sampler = createSampler(contract, { seed, validator: validatorOf(schemas) })
  return sampler.sample(schema, { key: 'harbor getOrder', direction: 'response', ...options })
}

/** Its value, which is valid; throws where there is none. */
export function valueOf(schema: Schema, options: Options = {}): Json {
  const sample = sampled(schema, options)
  if (!sample.ok) throw new Error(sample.reason)
  const faults = validatorOf(options.schemas ?? noSchemas).validate(schema, sample.value)
  expect(faults, JSON.stringify(sample.value)).toEqual([])
  return sample.value
}

/** Keys for samples that differ. */
export const keys = Array.from({ length: 20 }, (_, index) => `key ${index}`)
