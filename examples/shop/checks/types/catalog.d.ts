/**
 * Catalog 1.0.0
 * Made from the contract: changes here are lost.
 */

export interface paths {
  '/{organization}/items': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['listItems']
    put?: never
    post: operations['createItem']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/items/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['getItem']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch: operations['updateItem']
    trace?: never
  }
  '/{organization}/reservations/{order}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['getReservation']
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
    NewItem: {
      name: string
      /** Minor units of the currency. */
      price: number
      /** ISO 4217. */
      currency: string
      stock: number
    }
    ItemChanges: {
      name?: string
      price?: number
      stock?: number
    }
    Item: {
      id: string
      name: string
      /** Minor units of the currency. */
      price: number
      currency: string
      stock: number
      /** @format date-time */
      createdAt: string
    }
    ItemPage: {
      items: components['schemas']['Item'][]
      /** Cursor of the next page; null on the last one. */
      next: string | null
    }
    Reservation: {
      order: string
      item: string
      quantity: number
      /** `restored`: what was taken is back in stock. `sold_out`: nothing was taken. */
      state: 'taken' | 'sold_out' | 'restored'
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
  /** List the items, the newest first */
  listItems: {
    parameters: {
      query?: {
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
      /** A page of items. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['ItemPage']
        }
      }
      /** The input is not valid; all findings are listed. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Put an item on sale */
  createItem: {
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
        'application/json': components['schemas']['NewItem']
      }
    }
    responses: {
      /** The item is on sale. */
      201: {
        headers: {
          /** Path of what was created. */
          Location?: string
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Item']
        }
      }
      /** The body is no JSON. */
      400: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The input is not valid; all findings are listed. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Read an item */
  getItem: {
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
      /** The item. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Item']
        }
      }
      /** This organization has no such item. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Change an item's name, price or stock */
  updateItem: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
        id: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': components['schemas']['ItemChanges']
      }
    }
    responses: {
      /** The item as it is now. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Item']
        }
      }
      /** The body is no JSON. */
      400: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** This organization has no such item. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The input is not valid; all findings are listed. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Read what an order did to the stock
   * The stock follows an order shortly after; until then there is no reservation.
   */
  getReservation: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
        order: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** What it took, and whether that is back. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Reservation']
        }
      }
      /** No such order has come to the stock of this organization (`reservation_unknown`). */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** The database cannot be reached just now; try again. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
}

export type NewItem = components['schemas']['NewItem']

export type ItemChanges = components['schemas']['ItemChanges']

export type Item = components['schemas']['Item']

export type ItemPage = components['schemas']['ItemPage']

export type Reservation = components['schemas']['Reservation']

export type Problem = components['schemas']['Problem']
