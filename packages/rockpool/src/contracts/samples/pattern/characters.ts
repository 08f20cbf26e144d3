const digits = '0123456789'
const letters = 'abcdefghijklmnopqrstuvwxyz'
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))

/** The characters of a set: those that are looked at first, and all that are known of it. */
export interface Characters {
  plain: readonly string[]
  all: readonly string[]
}

/**
 * The characters that a set of a regular expression holds, found by asking the engine: of ASCII if it holds any of that,
 * then of all planes. Of a big set not all.
 */
export function charactersOf(source: string, flags: string): Characters {
  const set = new RegExp(`^${source}$`, flags)
  const all = printable.filter((character) => set.test(character))
  if (all.length === 0) all.push(...beyond(set, flags.includes('u') ? 0x10ffff : 0xffff))
  return { plain: plainOf(all), all }
}

/** Small letters and digits of a wide set; letters and digits of a narrow one. */
function plainOf(all: string[]): string[] {
  const choices = all.length > 64 ? [letters, digits] : [letters + letters.toUpperCase() + digits]
  for (const choice of choices) {
    const plain = all.filter((character) => choice.includes(character))
    if (plain.length > 0) return plain
  }
  return all
}

function beyond(set: RegExp, last: number): string[] {
  const found: string[] = []
  for (let point = 0; point <= last && found.length < 100; point += 1) {
    // Half of a pair is no text.
    if (point >= 0xd800 && point <= 0xdfff) continue
    const character = String.fromCodePoint(point)
    if (set.test(character)) found.push(character)
  }
  return found
}
