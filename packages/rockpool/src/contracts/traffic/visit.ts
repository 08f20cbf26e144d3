import { isObject } from '../json-object.ts'
import { jsonType } from './json-type.ts'
import type { Level } from './level.ts'
import type { Tally } from './tally.ts'
import type { ObserverBounds } from './types.ts'

/** Branches of branches of unions at one place. */
const mostAtOnce = 50
/** Items of an undeclared list whose types are looked at. */
const mostItems = 20

/** Walks values with what their contract says of them, and counts. */
export class Visitor {
  /** Something was beyond the bounds since this was last set back. */
  isCut = false
  private readonly tally: Tally
  private readonly bounds: ObserverBounds
  private values = 0
  private visits = 0

  constructor(tally: Tally, bounds: ObserverBounds) {
    this.tally = tally
    this.bounds = bounds
  }

  visit(value: unknown, level: Level): void {
    this.values = 0
    this.walk(value, [level], 0)
  }

  private walk(value: unknown, levels: readonly Level[], depth: number): void {
    this.values += 1
    if (this.values > this.bounds.values || depth > this.bounds.depth) {
      this.isCut = true
      return
    }
    const all = this.withBranches(value, levels)
    this.countSent(all)
    if (typeof value !== 'object' || value === null) {
      if (value === null) for (const level of all) level.countNull()
      else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        for (const level of all) level.countValue(value)
    } else if (Array.isArray(value)) this.walkItems(value, all, depth)
    else if (isObject(value) && !(value instanceof Uint8Array)) this.walkMembers(value, all, depth)
  }

  /** The levels, and those of the branches that the value is, and of theirs. */
  private withBranches(value: unknown, levels: readonly Level[]): readonly Level[] {
    if (levels.length === 1 ? !levels[0]!.hasUnions : !levels.some(({ hasUnions }) => hasUnions))
      return levels
    const all = [...levels]
    const done = new Set<object>()
    for (let index = 0; index < all.length; index += 1)
      if (all[index]!.hasUnions)
        for (const branch of all[index]!.branchesFor(value, done))
          if (!all.includes(branch) && all.length < mostAtOnce) all.push(branch)
    return all
  }

  /** Two levels may share a place: in one value it is counted once. */
  private countSent(levels: readonly Level[]): void {
    if (levels.length === 1) {
      for (const slot of levels[0]!.sent) this.tally.count(slot)
      return
    }
    this.visits += 1
    for (const { sent } of levels)
      for (const slot of sent) {
        if (slot.visit === this.visits) continue
        slot.visit = this.visits
        this.tally.count(slot)
      }
  }

  private walkItems(list: readonly unknown[], levels: readonly Level[], depth: number): void {
    const isTuple = levels.some(({ said }) => said.prefix.length > 0)
    let below = itemsOf(levels, 0)
    for (let index = 0; index < list.length && !this.isFull(); index += 1) {
      if (isTuple && index > 0) below = itemsOf(levels, index)
      if (below.length > 0) this.walk(list[index], below, depth + 1)
    }
  }

  private walkMembers(
    value: Readonly<Record<string, unknown>>,
    levels: readonly Level[],
    depth: number,
  ): void {
    const [only] = levels
    for (const name in value) {
      if (!Object.hasOwn(value, name)) continue
      if (this.isFull()) return
      const below =
        levels.length === 1 ? listOf(only!.member(name)) : levels.flatMap((level) => level.member(name) ?? [])
      if (below.length > 0) this.walk(value[name], below, depth + 1)
      else this.walkOther(name, value[name], levels, depth)
    }
  }

  /** A member that no schema tells by its name. */
  private walkOther(name: string, value: unknown, levels: readonly Level[], depth: number): void {
    const others = levels.flatMap((level) => level.others ?? [])
    if (others.length > 0) return this.walk(value, others, depth + 1)
    this.values += 1
    const home = levels.findLast(({ isFree }) => !isFree)
    if (home === undefined || levels.some(({ said }) => said.isMap)) {
      for (const level of levels) level.countMore()
      return
    }
    for (const level of levels) level.countUndeclared(name, jsonType(value), level === home)
    if (Array.isArray(value))
      for (const item of value.slice(0, mostItems)) home.countUndeclaredItem(name, jsonType(item))
  }

  private isFull(): boolean {
    if (this.values < this.bounds.values) return false
    this.isCut = true
    return true
  }
}

function listOf(level: Level | undefined): readonly Level[] {
  return level === undefined ? [] : level.alone
}

function itemsOf(levels: readonly Level[], index: number): readonly Level[] {
  return levels.flatMap((level) => level.item(index) ?? [])
}
