/*
 * Plurals as API Builder forms them: resources without a path are found below them, so that they must be the same. Its own
 * exceptions first, then the rules of D. Conway, “An algorithmic approach to English pluralization” (1998), as far as names
 * of types meet them.
 */

const exceptions: ReadonlyMap<string, string> = new Map([
  ['metadatum', 'metadata'],
  ['datum', 'data'],
  ['person', 'people'],
  ['species', 'species'],
  ['epoch', 'epochs'],
])

const alike: ReadonlySet<string> = new Set([
  ...exceptions.values(),
  'bison',
  'buffalo',
  'deer',
  'duck',
  'fish',
  'moose',
  'pike',
  'plankton',
  'salmon',
  'sheep',
  'squid',
  'swine',
  'trout',
])

/** What a word ends in, and what its plural does; the first that fits. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/(fish|sheep|deer|species|series|news|headquarters|proceedings|homework)$/i, '$1'],
  [/(child)$/i, '$1ren'],
  [/(quiz)$/i, '$1zes'],
  [/(human|german)$/i, '$1s'],
  [/man$/i, 'men'],
  [/([lm])ouse$/i, '$1ice'],
  [/foot$/i, 'feet'],
  [/tooth$/i, 'teeth'],
  [/([csx])is$/i, '$1es'],
  [/(cod|rad|hel)[ei]x$/i, '$1ices'],
  [/(bacteri|agend|errat|strat|dat|extrem)um$/i, '$1a'],
  [/(criteri|phenomen)on$/i, '$1a'],
  [/(alumn|bacill|loc|nucle|stimul|menisc|thesaur)us$/i, '$1i'],
  [/(alumn|alg|vertebr|person)a$/i, '$1ae'],
  [/([cs]h|[szx])$/i, '$1es'],
  [/([aeo]l|[^d]ea|ar)f$/i, '$1ves'],
  [/([nlw]i)fe$/i, '$1ves'],
  [/([aeiou]y)$/i, '$1s'],
  [/y$/i, 'ies'],
  [/(auto|casino|ditto|dynamo|embryo|macro|manifesto|memo|photo|piano|pro|quarto|solo|tempo|zero)$/i, '$1s'],
  [/([aeiou]o)$/i, '$1s'],
  [/o$/i, 'oes'],
  [/$/, 's'],
]

/** The plural of a type's name, where none is written. */
export function pluralOf(name: string): string {
  if (alike.has(name.toLowerCase())) return name
  const exception = exceptions.get(name)
  if (exception !== undefined) return exception
  if (/(?:es|ts|data)$/.test(name)) return name
  const start = Math.max(name.lastIndexOf('_'), name.lastIndexOf('-'), name.lastIndexOf('.')) + 1
  const word = name.slice(start)
  const [ending, plural] = endings.find(([pattern]) => pattern.test(word))!
  return name.slice(0, start) + word.replace(ending, plural)
}
