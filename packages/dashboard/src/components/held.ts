import { useState, type FocusEvent, type PointerEvent } from 'react'

interface Snapshot<T> {
  items: readonly T[]
  view: string
}

/**
 * Keeps a list still while somebody points at it or is in it: what is listed stays in its place, its contents go on,
 * and `newer` says how many are waiting. `view` names what was asked for (a filter, an older page): who asks for
 * something else wants to see it, although the pointer has not moved.
 */
export function useHeld<T>(items: readonly T[], keyOf: (item: T) => string, view = '') {
  const [snapshot, setHeld] = useState<Snapshot<T>>()
  const held = snapshot?.view === view ? snapshot : undefined
  const now = new Map(items.map((item) => [keyOf(item), item]))
  const known = new Set(held?.items.map(keyOf))
  const hold = () => setHeld((before) => (before?.view === view ? before : { items, view }))
  const release = () => setHeld(undefined)
  return {
    items: held ? held.items.map((item) => now.get(keyOf(item)) ?? item) : items,
    newer: held ? items.filter((item) => !known.has(keyOf(item))).length : 0,
    isHeld: held !== undefined,
    /** For the element that holds the list. */
    hold: {
      onPointerEnter: ({ pointerType }: PointerEvent) => pointerType === 'mouse' && hold(),
      onPointerLeave: (event: PointerEvent) =>
        !event.currentTarget.contains(document.activeElement) && release(),
      onFocus: hold,
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) =>
        !currentTarget.contains(relatedTarget) && release(),
    },
  }
}

/** What stands beside the title of a list that is kept still. */
export const heldNote = (isHeld: boolean, newer: number): string | undefined =>
  isHeld && newer > 0 ? `paused while you point here, ${newer} newer` : undefined
