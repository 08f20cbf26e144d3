import type { MockAnswer } from './types.ts'

const mostAnswers = 100
/** Of all bodies together: a mock is one of hundreds in a process. */
const mostCharacters = 200_000

/** Answers that were written, by what they were written from; the oldest go first. Streams are not kept. */
export class KeptAnswers {
  private readonly answers = new Map<string, MockAnswer>()
  private characters = 0

  /** `write` must give the same for the same key. */
  take(key: string, write: () => MockAnswer): MockAnswer {
    const known = this.answers.get(key)
    if (known !== undefined) return known
    const answer = write()
    const { body } = answer
    if (typeof body === 'string' && key.length + body.length <= mostCharacters / 10) {
      this.answers.set(key, answer)
      this.characters += key.length + body.length
      for (const [oldest, { body: old }] of this.answers) {
        if (this.answers.size <= mostAnswers && this.characters <= mostCharacters) break
        this.answers.delete(oldest)
        this.characters -= oldest.length + (old as string).length
      }
    }
    return answer
  }
}
