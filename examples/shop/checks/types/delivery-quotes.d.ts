/**
 * Delivery quotes 1.0.0
 * Made from the contract: changes here are lost.
 */

export interface paths {
  '/delivery-quotes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['getDeliveryQuote']
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
    Quote: {
      country: string
      /** Grams. */
      weight: number
      /** Minor units of the currency. */
      price: number
      currency: string
      /** Working days until it arrives. */
      days: number
    }
    /** RFC 9457. */
    Problem: {
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
  /** Quote a delivery */
  getDeliveryQuote: {
    parameters: {
      query: {
        /** Destination, ISO 3166-1 alpha-2. */
        country: string
        /** Weight of the parcel in grams. */
        weight: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** The quote. */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Quote']
        }
      }
      /** The query is not valid; all findings are listed. */
      422: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
}

export type Quote = components['schemas']['Quote']

export type Problem = components['schemas']['Problem']
