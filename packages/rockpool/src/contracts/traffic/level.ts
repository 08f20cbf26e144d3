import { escapeToken } from '../source/origins.ts'
import type { Contract, Schema } from '../types.ts'
import { branchesOf } from './branches.ts'
import { expand, valueText } from './expand.ts'
import type { Entry, Expansion, Union } from './expand.ts'
import { below } from './places.ts'
import type { Slot, Tally } from './tally.ts'
import type { ObserverBounds, UsageDirection, UsageKind } from './types.ts'

/** What counts a place, made when a value first stands there. */
export class Level {
  readonly said: Expansion
  readonly sent: readonly Slot[]
  readonly hasUnions: boolean
  /** It says of no member what it is called: their names are data, and nobody's business. */
  readonly isFree: boolean
  /** Itself, in a list that is made once. */
  readonly alone: readonly Level[] = [this]
  private readonly levels: Levels
  private readonly members = new Map<string, Level>()
  /** Slots are looked up by name once: what follows counts at every value. */
  private readonly values: {
    known: Map<unknown, Slot | null>
    others: Slot | null | undefined
    more: number
  }[]
  private readonly unions: { branches: (Slot | null)[]; kinds: Map<unknown, Slot | null> }[]
  private nulls: readonly Slot[] | undefined
  private readonly undeclared = new Set<string>()
  private itemLevel: Level | null | undefined
  private otherLevel: Level | null | undefined
  private readonly prefix: (Level | undefined)[] = []
  private readonly branches: (readonly (Level | undefined)[])[] = []

  constructor(levels: Levels, entries: readonly Entry[]) {
    this.levels = levels
    this.said = expand(levels.contract, entries)
    this.sent = this.said.places.flatMap((place) => levels.slot(place, 'sent') ?? [])
    this.hasUnions = this.said.unions.length > 0
    this.isFree = this.said.properties.size === 0
    this.values = this.said.enums.map(() => ({ known: new Map(), others: undefined, more: 0 }))
    this.unions = this.said.unions.map(() => ({ branches: [], kinds: new Map() }))
    for (const [from, to] of this.said.leads) levels.note(from, 'leads', to)
  }

  member(name: string): Level | undefined {
    const known = this.members.get(name)
    if (known !== undefined) return known
    const entries = this.said.properties.get(name)
    if (entries === undefined) return undefined
    const level = this.levels.of(entries)
    this.members.set(name, level)
    return level
  }

  /** Of members that are not told by name. */
  get others(): Level | null {
    return (this.otherLevel ??= this.said.others.length === 0 ? null : this.levels.of(this.said.others))
  }

  item(index: number): Level | null {
    const entries = this.said.prefix[index]
    if (entries !== undefined) return (this.prefix[index] ??= this.levels.of(entries))
    return (this.itemLevel ??= this.said.items.length === 0 ? null : this.levels.of(this.said.items))
  }

  /**
   * Counts the branches that a value is, and gives them.
   * @param done unions that were asked for this value: heirs lead back to their base
   */
  branchesFor(value: unknown, done: Set<object>): Level[] {
    return this.said.unions.flatMap((union, index) => {
      if (done.has(union.origin)) return []
      done.add(union.origin)
      const chosen = branchesOf(union, value, (each) => this.branch(index, each).said)
      this.countKind(union, index, value)
      return chosen.map((each) => {
        this.countBranch(union, index, each)
        return this.branch(index, each)
      })
    })
  }

  private countBranch({ place, branches }: Union, union: number, index: number): void {
    const slots = this.unions[union]!.branches
    const slot = (slots[index] ??= this.levels.slot(place, 'branch', branches[index]!.label))
    if (slot !== null) this.levels.tally.count(slot)
  }

  private countKind({ place, discriminator }: Union, union: number, value: unknown): void {
    if (discriminator === null || typeof value !== 'object' || value === null) return
    if (!Object.hasOwn(value, discriminator.property)) return
    const said = (value as Record<string, unknown>)[discriminator.property]
    const kind = typeof said === 'string' && discriminator.values.has(said) ? said : null
    const { kinds } = this.unions[union]!
    let slot = kinds.get(kind)
    if (slot === undefined)
      kinds.set(kind, (slot = this.levels.slot(place, 'kind', kind === null ? null : JSON.stringify(kind))))
    if (slot !== null) this.levels.tally.count(slot)
  }

  private branch(union: number, index: number): Level {
    const all = (this.branches[union] ??= []) as (Level | undefined)[]
    return (all[index] ??= this.levels.of([this.said.unions[union]!.branches[index]!.entry]))
  }

  countValue(value: string | number | boolean): void {
    for (let index = 0; index < this.values.length; index += 1) {
      const slot = this.values[index]!.known.get(value) ?? this.slotOfValue(value, index)
      if (slot !== null) this.levels.tally.count(slot)
    }
  }

  private slotOfValue(value: string | number | boolean, index: number): Slot | null {
    const { place, values } = this.said.enums[index]!
    const of = this.values[index]!
    const text = valueText(value)
    if (!values.has(text) && !this.isKept(value, index))
      return (of.others ??= this.levels.slot(place, 'value'))
    const slot = this.levels.slot(place, 'value', text)
    of.known.set(value, slot)
    return slot
  }

  countNull(): void {
    this.nulls ??= this.said.places.flatMap((place) => this.levels.slot(place, 'value', 'null') ?? [])
    for (const slot of this.nulls) this.levels.tally.count(slot)
  }

  /** Of those that are not declared: short texts of an enum of texts, and few of them. */
  private isKept(value: unknown, index: number): boolean {
    const { values, isSecret } = this.said.enums[index]!
    const counts = this.values[index]!
    if (isSecret || typeof value !== 'string' || !/^[\x20-\x7e]{1,64}$/.test(value)) return false
    if (![...values].some((text) => text.startsWith('"'))) return false
    return (counts.more += 1) <= this.levels.bounds.undeclared
  }

  /**
   * Counts a member that nobody declares: by its name where that is one, and the first few; else together.
   * @param isHome it is here that it would be declared
   */
  countUndeclared(name: string, type: string, isHome: boolean): void {
    if (!isName(name) || !this.keeps(name)) return this.countMore()
    for (const place of this.said.places)
      this.levels.count(
        below(place, escapeToken(name)),
        isHome && place === this.home ? 'undeclared' : 'aside',
        type,
      )
  }

  /** What the items of an undeclared list are. */
  countUndeclaredItem(name: string, type: string): void {
    if (this.undeclared.has(name))
      this.levels.count(below(below(this.home, escapeToken(name)), '[]'), 'undeclared', type)
  }

  private get home(): string {
    return this.said.holder?.place ?? this.said.places[0]!
  }

  countMore(): void {
    for (const place of this.said.places) this.levels.count(place, 'more')
  }

  private keeps(name: string): boolean {
    if (this.undeclared.has(name)) return true
    if (this.undeclared.size >= this.levels.bounds.undeclared) return false
    this.undeclared.add(name)
    return true
  }
}

/** What people call members, and no key, number, address or text that stands in place of a name. */
function isName(name: string): boolean {
  return name.length <= 64 && /^[@$_A-Za-z][\w.$-]*$/.test(name) && (name.match(/\d/g)?.length ?? 0) <= 4
}

/** The levels of one operation's requests, or of its answers. */
export class Levels {
  readonly contract: Contract
  readonly tally: Tally
  readonly bounds: ObserverBounds
  /** There are places that are not counted. */
  isCut = false
  private readonly operation: string
  private readonly direction: UsageDirection
  private readonly known = new Map<string, Level>()
  private readonly often = new Map<string, Slot | null>()
  private readonly identities: Identities

  constructor(ground: Ground, operation: string, direction: UsageDirection) {
    this.contract = ground.contract
    this.tally = ground.tally
    this.bounds = ground.bounds
    this.identities = ground.identities
    this.operation = operation
    this.direction = direction
  }

  /** The level of these schemas at these places: a recursive schema comes back to the same one. */
  of(entries: readonly Entry[]): Level {
    const key = entries.map(({ schema, place }) => `${this.identities.of(schema)} ${place}`).join('\n')
    let level = this.known.get(key)
    if (level === undefined) this.known.set(key, (level = new Level(this, entries)))
    return level
  }

  slot(place: string, kind: UsageKind, value: string | null = null): Slot | null {
    const slot = this.tally.slot(this.operation, this.direction, place, kind, value)
    this.isCut ||= slot === null
    return slot
  }

  count(place: string, kind: UsageKind, value: string | null = null): void {
    const slot = this.slot(place, kind, value)
    if (slot !== null) this.tally.count(slot)
  }

  /** As `count`, of what is counted with every call: it is looked up once. */
  countOften(place: string, kind: 'call' | 'sent'): void {
    let slot = this.often.get(place)
    if (slot === undefined) this.often.set(place, (slot = this.slot(place, kind)))
    if (slot !== null) this.tally.count(slot)
  }

  /** Of no organization. */
  note(place: string, kind: UsageKind, value: string): void {
    const slot = this.slot(place, kind, value)
    if (slot !== null) this.tally.mark(slot)
  }
}

/** Tells schemas apart by what they are, not by what they say; of a reference alone, where it leads is what it is. */
export class Identities {
  private readonly ids = new WeakMap<object, number>()
  private last = 0

  of(schema: Schema): string {
    if (typeof schema === 'boolean') return String(schema)
    if (schema.$ref !== undefined && Object.keys(schema).length === 1) return schema.$ref
    let id = this.ids.get(schema)
    if (id === undefined) this.ids.set(schema, (id = this.last += 1))
    return String(id)
  }
}

/** What the levels of all operations share. */
export interface Ground {
  contract: Contract
  tally: Tally
  bounds: ObserverBounds
  identities: Identities
}
