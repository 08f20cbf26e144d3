/** What ended within the last ten seconds, and whose it was. Bounded: ten counters, whatever comes. */
export interface Window {
  /** `caller` undefined: whosever. */
  count(failed: boolean, caller: string | undefined, now: number): void
  /**
   * Whether more than half of at least `enough` calls failed. Not while all failures are one caller's and others are
   * answered: then it is what that caller asks for.
   */
  isBad(now: number, enough: number): boolean
  clear(): void
}

/** Nobody yet, one by name, or several. */
type Whose = string | null | undefined
const nobody = undefined
const several = null

interface Slot {
  second: number
  good: number
  bad: number
  goodOf: Whose
  badOf: Whose
}

const seconds = 10

export function createWindow(): Window {
  const slots: Slot[] = Array.from({ length: seconds }, () => emptySlot())

  return {
    count(failed, caller, now) {
      const second = Math.floor(now / 1_000)
      const slot = slots[((second % seconds) + seconds) % seconds]!
      if (slot.second !== second) Object.assign(slot, emptySlot(), { second })
      const whose = caller ?? several
      if (failed) {
        slot.bad += 1
        slot.badOf = both(slot.badOf, whose)
      } else {
        slot.good += 1
        slot.goodOf = both(slot.goodOf, whose)
      }
    },
    isBad(now, enough) {
      const second = Math.floor(now / 1_000)
      const all = emptySlot()
      for (const slot of slots) {
        if (slot.second > second || slot.second <= second - seconds) continue
        all.good += slot.good
        all.bad += slot.bad
        all.goodOf = both(all.goodOf, slot.goodOf)
        all.badOf = both(all.badOf, slot.badOf)
      }
      if (all.good + all.bad < enough || all.bad <= all.good) return false
      const oneCallersAlone = all.badOf !== several && all.goodOf !== nobody && all.goodOf !== all.badOf
      return !oneCallersAlone
    },
    clear() {
      for (const slot of slots) Object.assign(slot, emptySlot())
    },
  }
}

function emptySlot(): Slot {
  return { second: Number.NEGATIVE_INFINITY, good: 0, bad: 0, goodOf: nobody, badOf: nobody }
}

function both(one: Whose, other: Whose): Whose {
  if (one === nobody) return other
  return other === nobody || one === other ? one : several
}
