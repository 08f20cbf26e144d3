import { charactersOf } from './characters.ts'
import type { Characters } from './characters.ts'
import type { Expression, Place } from './parse.ts'

/**
 * An expression as steps (Thompson, 1968). Each step is followed by the next one, unless it says otherwise:
 *
 *     take    a character; `backward`: the one before the place
 *     fork    goes on at `to` as well as at the next
 *     go      goes on at `to`
 *     place   goes on where the place is such a one
 *     look    goes on at `to` if what begins at the next step matches here (or does not, as `wanted` says)
 *     match   is the end
 */
export type Step =
  | { kind: 'take'; characters: Characters; backward: boolean }
  | { kind: 'fork'; to: number }
  | { kind: 'go'; to: number }
  | { kind: 'place'; place: Place }
  | { kind: 'look'; to: number; wanted: boolean }
  | { kind: 'match' }

/** Of how many steps the program is at most: bounds are written out. */
export function sizeOf(expression: Expression): number {
  switch (expression.kind) {
    case 'character':
    case 'place':
      return 1
    case 'look':
      return sizeOf(expression.part) + 2
    case 'sequence':
      return expression.parts.reduce((sum, part) => sum + sizeOf(part), 0)
    case 'choice':
      return expression.parts.reduce((sum, part) => sum + sizeOf(part) + 2, 0)
    case 'repeat': {
      const { part, least, most } = expression
      const size = sizeOf(part)
      // What is empty is not written again.
      if (size === 0) return least > 0 ? 0 : 2
      return most === Infinity ? size * (least + 1) + 2 : size * most + most - least
    }
  }
}

export function programOf(expression: Expression, unicode: boolean): Step[] {
  const writer = new Writer(unicode)
  writer.write(expression, false)
  writer.add({ kind: 'match' })
  return writer.steps
}

class Writer {
  readonly steps: Step[] = []
  private readonly unicode: boolean
  private readonly known = new Map<string, Characters>()

  constructor(unicode: boolean) {
    this.unicode = unicode
  }

  add<T extends Step>(step: T): T {
    this.steps.push(step)
    return step
  }

  /** @param backward as in a look behind, which reads from its end to its start (ECMA 262, 22.2.2.3) */
  write(expression: Expression, backward: boolean): void {
    switch (expression.kind) {
      case 'character':
        this.add({ kind: 'take', characters: this.characters(expression), backward })
        return
      case 'place':
        this.add({ kind: 'place', place: expression.place })
        return
      case 'sequence':
        for (const part of backward ? expression.parts.toReversed() : expression.parts)
          this.write(part, backward)
        return
      case 'choice':
        this.choice(expression.parts, backward)
        return
      case 'look': {
        const look = this.add({ kind: 'look', to: 0, wanted: expression.wanted })
        this.write(expression.part, !expression.ahead)
        this.add({ kind: 'match' })
        look.to = this.steps.length
        return
      }
      case 'repeat':
        this.repeat(expression, backward)
    }
  }

  private choice(parts: readonly Expression[], backward: boolean): void {
    const ends: { to: number }[] = []
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1
      const fork = isLast ? null : this.add({ kind: 'fork', to: 0 })
      this.write(part, backward)
      if (fork === null) break
      ends.push(this.add({ kind: 'go', to: 0 }))
      fork.to = this.steps.length
    }
    for (const end of ends) end.to = this.steps.length
  }

  private repeat({ part, least, most }: Expression & { kind: 'repeat' }, backward: boolean): void {
    for (let times = 0; times < least; times++) if (!this.hasWritten(part, backward)) return
    if (most === Infinity) {
      const fork = this.add({ kind: 'fork', to: 0 })
      const start = this.steps.length - 1
      this.write(part, backward)
      this.add({ kind: 'go', to: start })
      fork.to = this.steps.length
      return
    }
    const forks: { to: number }[] = []
    for (let times = least; times < most; times++) {
      forks.push(this.add({ kind: 'fork', to: 0 }))
      if (!this.hasWritten(part, backward)) break
    }
    for (const fork of forks) fork.to = this.steps.length
  }

  /** What is empty may be repeated as often as one likes. */
  private hasWritten(part: Expression, backward: boolean): boolean {
    const before = this.steps.length
    this.write(part, backward)
    return this.steps.length > before
  }

  private characters(expression: Expression & { kind: 'character' }): Characters {
    let characters = this.known.get(expression.source)
    if (characters === undefined) {
      characters = charactersOf(expression, this.unicode)
      this.known.set(expression.source, characters)
    }
    return characters
  }
}
