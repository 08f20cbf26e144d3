import type { Schema, SchemaType } from '../types.ts'
import { softDepth } from './budget.ts'
import type { Place } from './place.ts'
import type { Run } from './run.ts'
import { isNull } from './shape/peek.ts'
import type { Branch, ChoicePoint, Shape } from './shape/types.ts'

const none: readonly string[] = []

/**
 * Takes branches at one place. The first attempt takes what is likeliest; the attempts after it take each combination of
 * branches once, and then the same ones again with other values (`roll`).
 */
export class Chooser {
  private readonly run: Run
  private readonly place: Place
  private readonly pins: readonly string[]
  private pinned = 0
  private rest: number
  private met = 0

  constructor(run: Run, place: Place, attempt: number) {
    this.run = run
    this.place = place
    this.rest = attempt
    this.pins = run.pins?.get(place.pointer) ?? none
  }

  /** How often this combination has been tried before. */
  get roll(): number {
    return this.rest
  }

  /** A branch that is asked for is not one that has been taken. */
  get misses(): boolean {
    return this.pinned < this.pins.length
  }

  branch(point: ChoicePoint): number {
    const { branches, open = [...branches.keys()] } = point
    const pin = this.pins[this.pinned]
    const asked = pin === undefined ? -1 : branches.findIndex(({ labels }) => labels.includes(pin))
    if (asked >= 0) this.pinned += 1
    if (asked >= 0) return asked
    return open[this.turn(open.length, () => Math.max(0, open.indexOf(this.likeliest(point, open))))]!
  }

  type({ types, isTyped }: Shape): SchemaType {
    const likely = () => {
      const composite = types.findIndex((type) => type === 'object' || type === 'array')
      if (this.isSetWithin() && composite >= 0) return composite
      if (this.place.depth > softDepth && types.includes('null')) return types.indexOf('null')
      const values = types.filter((type) => type !== 'null')
      return isTyped && values.length > 1 ? this.pick(values.length) : 0
    }
    return types[this.turn(types.length, likely)]!
  }

  private turn(count: number, likely: () => number): number {
    const digit = this.rest % count
    this.rest = Math.floor(this.rest / count)
    this.met += 1
    return count === 1 ? 0 : (likely() + digit) % count
  }

  private likeliest({ keyword, branches }: ChoicePoint, open: readonly number[]): number {
    if (keyword === 'if' || keyword === 'dependentSchemas') return open[0]!
    const { peek, heights } = this.run
    const schemaOf = (index: number): Schema => mainOf(branches[index]!)
    const costs = branches.map(
      (branch) => heights.of(mainOf(branch)) + (peek.isComposite(mainOf(branch)) ? 1 : 0),
    )
    const possible = open.filter((index) => costs[index]! < Infinity)
    let likely = prefer(possible, (index) => !isNull(schemaOf(index)))
    if (this.place.depth > softDepth) {
      const least = Math.min(...possible.map((index) => costs[index]!))
      likely = possible.filter((index) => costs[index] === least)
    } else if (this.place.depth > 0) {
      const isComposite = this.isSetWithin()
      likely = prefer(likely, (index) => peek.isComposite(schemaOf(index)) === isComposite)
      likely = prefer(likely, (index) => !peek.leadsBack(schemaOf(index), this.place))
    }
    return likely[this.pick(likely.length)] ?? 0
  }

  /** Something is set in what stands here: it has members or items. */
  private isSetWithin(): boolean {
    return (this.run.overrides?.namesWithin(this.place).length ?? 0) > 0
  }

  private pick(count: number): number {
    return this.place.dice(`branch ${this.met}`).whole(0, count - 1)
  }
}

function mainOf({ schemas }: Branch): Schema {
  return schemas[0] ?? true
}

/** Those that have a quality, if any has it. */
function prefer(indices: number[], has: (index: number) => boolean): number[] {
  const preferred = indices.filter(has)
  return preferred.length > 0 ? preferred : indices
}
