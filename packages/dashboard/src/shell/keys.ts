/*
 * Keys of the pages. What a key does is decided here, without the document; keyboard.ts obeys.
 *
 *   /  find      ?  these keys      g, then a letter  a page      j k  next and previous of a list      Esc  back
 *
 * Enter is the browser's own: what j and k reach is a link. Single characters can be turned off (WCAG 2.1.4).
 */

export type KeyAction =
  | { do: 'find' | 'help' | 'next' | 'previous' | 'back' }
  | { do: 'wait' }
  | { do: 'go'; letter: string }

export interface KeyPress {
  key: string
  /** With Ctrl, Alt or the system's key: never ours. */
  modified: boolean
  /** In a field where one writes. */
  writing: boolean
  /** A dialog or a menu is open: it has its own keys. */
  covered: boolean
}

/** How long after `g` a letter still counts, in milliseconds. */
export const patienceMs = 1_500

/** What a key does; `waiting` after `g`. Undefined: nothing of ours. Pure. */
export function actionOf(
  { key, modified, writing, covered }: KeyPress,
  { waiting, single }: { waiting: boolean; single: boolean },
): KeyAction | undefined {
  if (modified || covered || writing) return undefined
  if (key === 'Escape') return { do: 'back' }
  if (!single) return undefined
  if (waiting) return /^[a-z]$/.test(key) ? { do: 'go', letter: key } : undefined
  if (key === 'g') return { do: 'wait' }
  if (key === '/') return { do: 'find' }
  if (key === '?') return { do: 'help' }
  if (key === 'j') return { do: 'next' }
  if (key === 'k') return { do: 'previous' }
  return undefined
}

const place = 'rockpool-single-keys'

/** Whether single characters are keys; until somebody turns them off. */
export function singleKeys(): boolean {
  try {
    return localStorage.getItem(place) !== 'off'
  } catch {
    return true
  }
}

export function keepSingleKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(place)
    else localStorage.setItem(place, 'off')
  } catch {
    // Storage is switched off: then it holds until the page is left.
  }
}
