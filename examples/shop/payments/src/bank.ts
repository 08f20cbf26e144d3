import { randomUUID } from 'node:crypto'
import type { Rockpool } from '@rockpool/sdk'

export interface Charge {
  /** Our id of the payment: the bank's reference, and the key under which it charges only once. */
  payment: string
  card: string
  /** Null: the company's own card, which has no number here. */
  last4: string | null
  /** Minor units of `currency`. */
  amount: number
  currency: string
}

export type ChargeOutcome = { charge: string } | { refused: 'card_declined' | 'card_unknown' }

export interface Refund {
  payment: string
  charge: string
  amount: number
  currency: string
}

export interface Bank {
  saveCard(card: { number: string }): Promise<{ token: string }>
  charge(charge: Charge): Promise<ChargeOutcome>
  refund(refund: Refund): Promise<{ refund: string }>
}

/** The number that the bank always declines ends like this; so do our stand-ins, for checks of a declined card. */
const declinedLast4 = '0002'

/** The bank does not answer, or not as agreed: worth a retry. */
export class BankUnavailable extends Error {}

/**
 * The one place where something leaves the company. Each call names what happens in production, and what stands in
 * for it in a sandbox.
 */
export function createBank(rockpool: Rockpool, url: string): Bank {
  return {
    saveCard: rockpool.effect(
      'bank.save_card',
      {
        production: async ({ number }: { number: string }) => {
          const { token } = await post('/cards', { number })
          return { token: requireText(token) }
        },
        sandbox: async (_card) => ({ token: `card_${randomUUID()}` }),
      },
      { record: ({ number }) => ({ last4: number.slice(-4) }) },
    ),

    charge: rockpool.effect(
      'bank.charge',
      {
        production: async ({ payment, card, amount, currency }: Charge): Promise<ChargeOutcome> => {
          const body = { card, amount, currency, reference: payment }
          const { id, error } = await post('/charges', body, payment)
          if (error === 'card_declined' || error === 'card_unknown') return { refused: error }
          return { charge: requireText(id) }
        },
        sandbox: async (charge) => standInCharge(charge),
      },
      { record: ({ payment, last4, amount, currency }) => ({ payment, last4, amount, currency }) },
    ),

    refund: rockpool.effect('bank.refund', {
      production: async ({ payment, charge, amount, currency }: Refund) => {
        const body = { charge, amount, currency, reference: payment }
        const { id } = await post('/refunds', body, `${payment}/refund`)
        return { refund: requireText(id) }
      },
      sandbox: async ({ payment }) => ({ refund: `refund_of_${payment}` }),
    }),
  }

  /** A key makes a repeated call harmless: the bank answers again, and moves no money again. */
  async function post(path: string, body: object, key?: string): Promise<Record<string, unknown>> {
    const answer = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key ? { 'idempotency-key': key } : {}) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(5_000),
    }).catch((cause: unknown) => {
      throw new BankUnavailable('the bank cannot be reached', { cause })
    })
    const text = await answer.text()
    if (answer.ok || answer.status === 402 || answer.status === 404) return JSON.parse(text)
    throw new BankUnavailable(`the bank answers ${answer.status} to POST ${path}`)
  }
}

function requireText(value: unknown): string {
  if (typeof value === 'string') return value
  throw new BankUnavailable('the bank answers otherwise than agreed')
}

/** As the bank would answer. */
export function standInCharge({ payment, last4 }: Pick<Charge, 'payment' | 'last4'>): ChargeOutcome {
  return last4 === declinedLast4 ? { refused: 'card_declined' } : { charge: `charge_of_${payment}` }
}
