/**
 * Payments 1.0.0
 * Made from the contract: changes here are lost.
 */

export interface paths {
  '/{organization}/cards': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['tokenizeCard']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/payments': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['listPayments']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/payments/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['getPayment']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}

export type webhooks = { [key: string]: never }

export interface components {
  schemas: {
    NewCard: {
      /**
       * Passed on to the bank, never stored. Its last digit must fit (Luhn).
       * Write-only: it stands in requests alone.
       */
      number: string
    }
    Card: {
      token: string
      last4: string
    }
    Payment: {
      id: string
      order: string
      /** Minor units of the currency. */
      amount: number
      currency: string
      card: {
        /** Null when the card is unknown, or the company's own. */
        last4: string | null
      }
      status: 'captured' | 'failed' | 'refunded'
      /** Why it failed: `card_declined`, `card_unknown` or `card_refused`. */
      reason: string | null
      /** @format date-time */
      createdAt: string
    }
    PaymentPage: {
      payments: components['schemas']['Payment'][]
      /** Cursor of the next page; null on the last one. */
      next: string | null
    }
    /** RFC 9457. `code` is stable; `findings` lists all that is wrong with the input. */
    Problem: {
      /** @format uri */
      type: string
      title: string
      status: number
      code: string
      detail?: string
      findings?: {
        path: string
        message: string
      }[]
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}

export type $defs = { [key: string]: never }

export interface operations {
  /** Exchange a card number for a token */
  tokenizeCard: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewCard']
      }
    }
    responses: {
      /** The card is known by this token from now on. */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Card']
        }
      }
      /** The body is no JSON. */
      400: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /**
       * The card number is not one (`card_invalid`), or a bot asks: it has the card that its credential names, and
       * no other (`card_refused`).
       */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database or the bank cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the payments, the newest first */
  listPayments: {
    parameters: {
      query?: {
        /** Only the payment of this order. */
        order?: string
        /** @default 20 */
        limit?: number
        /** `next` of the page before. */
        cursor?: string
      }
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** A page of payments. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['PaymentPage']
        }
      }
      /** The input is not valid; all findings are listed. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database or the bank cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Read a payment */
  getPayment: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** The payment. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Payment']
        }
      }
      /** This organization has no such payment. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database or the bank cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
}

export type NewCard = components['schemas']['NewCard']

export type Card = components['schemas']['Card']

export type Payment = components['schemas']['Payment']

export type PaymentPage = components['schemas']['PaymentPage']

export type Problem = components['schemas']['Problem']
