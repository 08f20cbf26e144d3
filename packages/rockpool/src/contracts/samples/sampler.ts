import type { Contract, Json, Schema } from '../types.ts'
import { Budget } from './budget.ts'
import { generate } from './generate.ts'
import { Impossible } from './impossible.ts'
import { Overrides } from './overrides.ts'
import { Place } from './place.ts'
import type { Ground, Run } from './run.ts'
import { createHeights } from './shape/heights.ts'
import { createNames } from './shape/names.ts'
import { createNodes } from './shape/node.ts'
import { createPeek } from './shape/peek.ts'
import { unionsOf } from './unions.ts'
import type { Sample, SampleOptions, Sampler, SamplerOptions } from './types.ts'

/**
 * Makes values that schemas of a contract allow: examples, or else data of their own. What is given has been validated.
 *
 *     example valid? ──► given
 *       └─ no ─► made ─► valid? ──► given
 *                          └─ no ─► made again, each part validated where it is made ─► valid? ──► given, or refused
 *
 * The same seed, key and JSON pointer give the same value, whatever stands beside it. Of values with more than some
 * thousand parts the optional ones are left out.
 */
export function createSampler(
  contract: Pick<Contract, 'schemas'>,
  { seed = '', validator }: SamplerOptions,
): Sampler {
  const names = createNames(contract)
  const heights = createHeights(names)
  const patterns = new Map<string, Schema>()
  const ground: Ground = {
    names,
    heights,
    peek: createPeek(names, heights),
    validator,
    node: createNodes(),
    matches(pattern, text) {
      let schema = patterns.get(pattern)
      if (schema === undefined) patterns.set(pattern, (schema = { type: 'string', pattern }))
      return validator.isValid(schema, text)
    },
  }
  return {
    sample(schema, options) {
      let overrides: Overrides | null = null
      try {
        const { overrides: set = {}, branch = {} } = options
        if (options.overrides !== undefined || options.branch !== undefined)
          overrides = new Overrides(set, Object.keys(branch))
      } catch (error) {
        return { ok: false, reason: (error as Error).message }
      }
      const example = exampleFor(ground, schema, options, overrides)
      if (example !== undefined) return { ok: true, value: example, from: 'example' }
      return made(ground, schema, options, overrides, seed)
    },
    unions: (schema, direction) =>
      unionsOf(startRun(ground, { key: '', direction }, null, passes[0]!, false), schema),
  }
}

function exampleFor(
  { validator }: Ground,
  schema: Schema,
  { examples = [], branch }: SampleOptions,
  overrides: Overrides | null,
): Json | undefined {
  // Which branch an example is of nobody can tell.
  if (branch !== undefined) return undefined
  for (const { value } of examples) {
    if (value === undefined) continue
    const example = overrides === null ? structuredClone(value) : overrides.appliedTo(value)
    if (example !== undefined && validator.isValid(schema, example)) return example
  }
  return undefined
}

/** Few tries for each part first: a part that is impossible must not use up what others need. */
const passes = [
  { tries: 8, isCareful: false, work: 40_000 },
  { tries: 6, isCareful: true, work: 20_000 },
  { tries: 20, isCareful: true, work: 20_000 },
  { tries: 100, isCareful: true, work: 20_000 },
]

function made(
  ground: Ground,
  schema: Schema,
  options: SampleOptions,
  overrides: Overrides | null,
  seed: string,
): Sample {
  let reason = ''
  let hasHidden = false
  for (const pass of passes)
    for (const keepsHidden of [false, true]) {
      if (keepsHidden && !hasHidden) continue
      const run = startRun(ground, options, overrides, pass, keepsHidden)
      const value = generate(run, ground.node(schema), Place.root(seed, options.key))
      hasHidden ||= run.hasHidden
      const fault = value instanceof Impossible ? value.toString() : faultIn(run, schema, value)
      if (!(value instanceof Impossible) && fault === undefined)
        return { ok: true, value, from: pass.isCareful ? 'repaired' : 'schema' }
      reason = fault ?? ''
    }
  return { ok: false, reason }
}

function startRun(
  ground: Ground,
  { direction, branch }: SampleOptions,
  overrides: Overrides | null,
  { tries, isCareful, work }: (typeof passes)[number],
  keepsHidden: boolean,
): Run {
  const pins =
    branch === undefined
      ? null
      : new Map(Object.entries(branch).map(([pointer, labels]) => [pointer, [labels].flat()]))
  const budget = new Budget(work)
  return {
    ...ground,
    direction,
    tries,
    isCareful,
    keepsHidden,
    hasHidden: false,
    overrides,
    pins,
    pinsMet: new Set(),
    budget,
  }
}

/** Why what was made is not what was asked for; undefined: it is. */
function faultIn(run: Run, schema: Schema, value: Json): string | undefined {
  const { validator, overrides, pins, pinsMet } = run
  const missing = overrides?.missingIn(value)
  if (missing !== undefined) return `what is set does not fit: ${missing || '(the whole)'}`
  const unmet = [...(pins?.keys() ?? [])].find((pointer) => !pinsMet.has(pointer))
  if (unmet !== undefined) return `there are no branches here: ${unmet || '(the whole)'}`
  if (validator.isValid(schema, value)) return undefined
  const faults = validator.validate(schema, value).slice(0, 3)
  const places = faults.map(({ pointer, keyword }) => `${pointer || '(the whole)'} (${keyword})`)
  return `what was made is not valid: ${places.join(', ')}`
}
