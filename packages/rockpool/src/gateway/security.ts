/*
 * “security” of an OpenAPI document: the list at its root is the default, and an operation's own counts instead of it
 * (OpenAPI 3.1, 4.8.1 and 4.8.10). Each entry of a list is enough by itself; an empty list asks for nothing, and an empty
 * entry {} makes the others optional. Where neither says anything, OpenAPI promises nothing and a credential is needed.
 */

type Requirement = Record<string, unknown>

/** Whether it is a list as the standard has it: of objects, or empty. */
export function isSecurity(value: unknown): value is Requirement[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one))
  )
}

/** Whether it lets anybody in who shows nothing. What is said wrongly, or not at all, lets nobody in. Pure. */
export function asksForNothing(value: unknown): boolean {
  return isSecurity(value) && (value.length === 0 || value.some((one) => Object.keys(one).length === 0))
}
