/**
 * Orders 1.0.0
 * Made from the contract: changes here are lost.
 */

export interface paths {
  '/{organization}/customers': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['registerCustomer']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/orders': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['listOrders']
    put?: never
    post: operations['placeOrder']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/orders/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['getOrder']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/orders/{id}/cancel': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['cancelOrder']
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
    NewOrder: {
      /** Id of an item in the catalog. */
      item: string
      /** @default 1 */
      quantity?: number
      /** A card number, which is exchanged for a token at once and never stored; or such a token. */
      card: string
      /**
       * Whom it is for.
       * @format email
       */
      email?: string
    }
    NewCustomer: {
      /** @format email */
      email: string
      name: string
    }
    Customer: {
      /** In lower case, the domain in ASCII. */
      email: string
      name: string
      /** @format date-time */
      registeredAt: string
    }
    Order: {
      id: string
      item: string
      quantity: number
      /** Of one, when the order was placed; minor units. */
      price: number
      /** price × quantity. */
      amount: number
      currency: string
      /** The address it was placed under, in lower case. */
      email: string | null
      status: 'placed' | 'paid' | 'payment_failed' | 'cancelled' | 'refunded'
      /** Why it was cancelled (`customer`, `sold_out`) or not paid (`card_declined`, `card_unknown`, `card_refused`). */
      reason: string | null
      /** @format date-time */
      placedAt: string
    }
    OrderPage: {
      orders: components['schemas']['Order'][]
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
  /** Register a customer */
  registerCustomer: {
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
        'application/json': components['schemas']['NewCustomer']
      }
    }
    responses: {
      /** The customer is registered. */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Customer']
        }
      }
      /** The body is no JSON. */
      400: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The address has a customer already (`email_taken`). */
      409: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /**
       * The input is not valid (`invalid_input`, with all findings), the address is of the bots' domain
       * (`email_reserved`), or it is not although a bot registers (`email_not_reserved`).
       */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** Something this service needs cannot be reached just now (`unavailable`); `detail` names it. Try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the orders, the newest first */
  listOrders: {
    parameters: {
      query?: {
        /** Only orders under exactly this address, however it is written. */
        email?: string
        /** Only orders under addresses of exactly this domain (not of those below it). */
        domain?: string
        /** Only the order that was placed with this Idempotency-Key. */
        idempotencyKey?: string
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
      /** A page of orders. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['OrderPage']
        }
      }
      /** The input is not valid; all findings are listed. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** Something this service needs cannot be reached just now (`unavailable`); `detail` names it. Try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Place an order
   * Charged is the price that the catalog shows now. It is paid by the card shortly after.
   */
  placeOrder: {
    parameters: {
      query?: never
      header?: {
        /** A repeated call with the same key places no second order, and answers with the first one. */
        'Idempotency-Key'?: string
      }
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['NewOrder']
      }
    }
    responses: {
      /** The order is placed. */
      201: {
        headers: {
          /** Path of what was created. */
          Location?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Order']
        }
      }
      /** The body is no JSON. */
      400: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The stock does not suffice (`out_of_stock`). */
      409: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /**
       * The input is not valid (`invalid_input`, with all findings), there is no such item (`item_unknown`), the card
       * number is not one (`card_invalid`), or the Idempotency-Key stands for another order (`idempotency_key_reused`).
       * What belongs to the company's bots is refused to everybody else (`email_reserved`, `card_refused`), and
       * whatever does not is refused to a bot (`email_not_reserved`, `card_refused`).
       */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** Something this service needs cannot be reached just now (`unavailable`); `detail` names it. Try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Read an order */
  getOrder: {
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
      /** The order. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Order']
        }
      }
      /** This organization has no such order. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** Something this service needs cannot be reached just now (`unavailable`); `detail` names it. Try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Cancel an order
   * The stock is restored and the money refunded shortly after. To cancel twice changes nothing.
   */
  cancelOrder: {
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
      /** The order, cancelled. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Order']
        }
      }
      /** A bot may cancel what a bot ordered, and nothing else (`order_not_yours`). */
      403: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** This organization has no such order. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** An order whose payment failed has nothing left to cancel (`order_not_cancellable`). */
      409: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** Something this service needs cannot be reached just now (`unavailable`); `detail` names it. Try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
}

export type NewOrder = components['schemas']['NewOrder']

export type NewCustomer = components['schemas']['NewCustomer']

export type Customer = components['schemas']['Customer']

export type Order = components['schemas']['Order']

export type OrderPage = components['schemas']['OrderPage']

export type Problem = components['schemas']['Problem']
