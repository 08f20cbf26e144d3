import { expect, test } from 'vitest'
import { readEmail } from './email.ts'
import { checkCard, checkEmail, readReserved } from './reserved.ts'

const reserved = { domain: 'bots.harbor.example', card: 'card_bot_harbor' }

test('a bot’s card is the one that its own credential names', () => {
  const bot = (card: string) => ({ actor: 'bot' as const, card })
  expect(() => checkCard(reserved, bot('card_bot_harbor'), 'card_bot_harbor')).not.toThrow()
  expect(() => checkCard(reserved, bot('card_bot_other'), 'card_bot_harbor')).toThrow(/not for this order/)
  expect(() => checkCard(reserved, bot('card_bot_other'), 'card_bot_other')).toThrow(/not for this order/)
})

test('a shop without bots lets no bot order, and reserves nothing', () => {
  const none = readReserved({})
  expect(none).toEqual({ domain: null, card: null })
  const email = readEmail('mia@bots.harbor.example')!
  expect(() => checkEmail(none, { actor: 'customer' }, email)).not.toThrow()
  expect(() => checkEmail(none, { actor: 'bot' }, email)).toThrow(/bots’ domain/)
  expect(() => checkCard(none, { actor: 'customer' }, 'card_bot_harbor')).not.toThrow()
  expect(() => checkCard(none, { actor: 'bot' }, 'card_bot_harbor')).toThrow(/not for this order/)
})
