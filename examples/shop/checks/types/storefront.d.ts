/**
 * Storefront 1.0.0
 * Made from the contract: changes here are lost.
 */

export interface paths {
  '/{organization}/shop': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['browseItems']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/shop/items/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['showItem']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/shop/cart': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['showCart']
    put?: never
    post: operations['changeCart']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/shop/pay': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['showPayment']
    put?: never
    post: operations['payCart']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/shop/purchases/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['showPurchase']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/shop/{page}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['showUnknown']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/{organization}/shop/style.css': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['getStyle']
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
  schemas: never
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}

export type $defs = { [key: string]: never }

export interface operations {
  /** All items */
  browseItems: {
    parameters: {
      query?: {
        /** Of the link to the next page. */
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
      /** A page. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /** One item, to put into the cart */
  showItem: {
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
      /** A page. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /** The cart of this browser */
  showCart: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** A page. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /** Put into the cart, change, or take out */
  changeCart: {
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
        'application/x-www-form-urlencoded': {
          item: string
          /** @default 1 */
          quantity?: number
          do: 'add' | 'set' | 'remove'
        }
      }
    }
    responses: {
      /** To the page that shows what came of it. */
      303: {
        headers: {
          Location?: string
          [name: string]: unknown
        }
        content?: never
      }
      /** A page that tells the reason. */
      403: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      409: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /** The payment page */
  showPayment: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** A page. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** To the page that shows what came of it. */
      303: {
        headers: {
          Location?: string
          [name: string]: unknown
        }
        content?: never
      }
      /** A page that tells the reason. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /**
   * Order and pay what is in the cart
   * Sent twice, it orders once.
   */
  payCart: {
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
        'application/x-www-form-urlencoded': {
          /** Of the payment page. */
          purchase: string
          /** What the page said it costs, in minor units. */
          total: number
          email: string
          /**
           * Handed on to payments; never stored here.
           * Write-only: it stands in requests alone.
           */
          card: string
        }
      }
    }
    responses: {
      /** To the page that shows what came of it. */
      303: {
        headers: {
          Location?: string
          [name: string]: unknown
        }
        content?: never
      }
      /** A page that tells the reason. */
      403: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** The payment page again, with what is wrong beside each field. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /** What became of a purchase of this browser */
  showPurchase: {
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
      /** A page. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
      /** A page that tells the reason. */
      503: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /** What is not there is a page, too */
  showUnknown: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
        page: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** A page that tells the reason. */
      404: {
        headers: { [name: string]: unknown }
        content: {
          'text/html': string
        }
      }
    }
  }
  /** The style sheet */
  getStyle: {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** The style sheet. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/css': string
        }
      }
    }
  }
}
