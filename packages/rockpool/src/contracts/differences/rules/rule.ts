import type { Answers, Direction, Rule } from '../types.ts'

/** The answers that rules give, by name. */
export const harmless: Answers = { wire: 'keeps', source: 'keeps', meaning: 'keeps' }
export const breaks: Answers = { wire: 'breaks', source: 'breaks', meaning: 'keeps' }
export const breaksWire: Answers = { wire: 'breaks', source: 'keeps', meaning: 'keeps' }
export const breaksSource: Answers = { wire: 'keeps', source: 'breaks', meaning: 'keeps' }
export const mayBreak: Answers = { wire: 'may break', source: 'breaks', meaning: 'keeps' }
export const mayBreakWire: Answers = { wire: 'may break', source: 'keeps', meaning: 'keeps' }
export const changesMeaning: Answers = { wire: 'keeps', source: 'keeps', meaning: 'changes' }

/** The same, and it says something else. */
export function andMeaning(answers: Answers): Answers {
  return { ...answers, meaning: 'changes' }
}

/** id, answers, sentence, advice. */
export type Row = [id: string, answers: Answers, sentence: string, advice?: string]

export function rulesOf(direction: Direction | null, rows: Row[]): Rule[] {
  return rows.map(([id, answers, sentence, advice = null]) => ({
    id,
    direction,
    ...answers,
    sentence,
    advice,
  }))
}
