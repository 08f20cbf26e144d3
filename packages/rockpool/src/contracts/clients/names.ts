const identifier = /^[A-Za-z_$][\w$]*$/

/** A text as a name of TypeScript in camel case: `List all pets` becomes `listAllPets`. '' where nothing of it can stand in one. Pure. */
export function camelCase(text: string): string {
  if (identifier.test(text) && !/^[A-Z\d]+$/.test(text)) return text.charAt(0).toLowerCase() + text.slice(1)
  const [first = '', ...others] = wordsOf(text)
  const name = first.toLowerCase() + others.map(capital).join('')
  return /^\d/.test(name) ? `_${name}` : name
}

/** The same with a capital at the beginning: `pet-shop API` becomes `PetShopApi`. Pure. */
export function pascalCase(text: string): string {
  const name = wordsOf(text).map(capital).join('')
  return /^\d/.test(name) ? `_${name}` : name
}

/** A name that is not taken: with an underscore where it is reserved, with a number where it was given before. */
export function createNames(reserved: Iterable<string>): (wanted: string) => string {
  const out = new Set(reserved)
  const taken = new Set<string>()
  return (wanted) => {
    const base = out.has(wanted) ? `${wanted}_` : wanted
    let name = base
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
    taken.add(name)
    return name
  }
}

const wordsOf = (text: string) => text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')

function capital(word: string): string {
  const rest = word.slice(1)
  return word.charAt(0).toUpperCase() + (rest === rest.toUpperCase() ? rest.toLowerCase() : rest)
}
