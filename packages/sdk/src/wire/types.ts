/*
 * Vocabulary of the wire: what travels between gateway, relay and services, whatever their language.
 *
 *   identity     who acts for which organization in which environment, and in which run; the mark of every call
 *   claims       the identity with its audience, times and signer, as signed in the header `Rockpool-Identity`
 *   trust        who signed: a gateway (calls) or the relay (events); each service says which it accepts where
 *   event        a CloudEvent 1.0 that carries the plain identity, because it may wait for hours; a signature may not
 *   delivery     an event with the identity minted for one consumer at the moment it is delivered
 */

export type Environment = 'production' | 'sandbox'

export type Actor =
  | 'customer'
  | 'anonymous'
  | 'service'
  | 'member'
  | 'check'
  | 'bot'
  | 'load'
  | 'drill'
  | 'example'

export const environments: readonly Environment[] = ['production', 'sandbox']

export const actors: readonly Actor[] = [
  'customer',
  'anonymous',
  'service',
  'member',
  'check',
  'bot',
  'load',
  'drill',
  'example',
]

/** Plain identity, as stored with events and jobs. `organization` is a slug; `run` is the id of the run that caused it. */
export interface Identity {
  organization: string
  environment: Environment
  actor: Actor
  run?: string
  /** The test card that a bot's grant names, for the service that takes payments. Not stored with events. */
  card?: string
  /**
   * The end user, as the users' own issuer names it (a token's subject), at most 255 characters; of a customer alone. Not
   * stored with events.
   */
  user?: string
}

/** Whose key signed an identity. */
export type Trust = 'gateway' | 'relay'

/** What a signed identity says. Times are seconds since the epoch; `exp` is at most 180 s after `iat`. */
export interface IdentityClaims extends Identity {
  iss: Trust
  /** The service this was minted for, by name. */
  aud: string
  iat: number
  exp: number
  /** The service that called, when a service called. */
  service?: string
  /** Relay only: the id of the one event this was minted for. */
  event?: string
}

/** The public half of a signing key (RFC 8037), and for what it is trusted. */
export interface PublicKey {
  kid: string
  trust: Trust
  jwk: { kty: 'OKP'; crv: 'Ed25519'; x: string }
}

/** One key of `GET /.well-known/jwks.json`. */
export interface JwksKey {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  use: 'sig'
  alg: 'EdDSA'
  'rockpool:trust': Trust
}

export interface Jwks {
  keys: JwksKey[]
}

/** CloudEvents 1.0 in structured JSON, with `organization`, `environment`, `actor` (and `run`) as extensions. */
export interface CloudEvent {
  specversion: '1.0'
  id: string
  /** `/services/orders`, or `/rockpool` for Rockpool's own events. */
  source: string
  /** `<service>.<event>`, such as `orders.order_placed`. */
  type: string
  /** ISO 8601, UTC. */
  time: string
  datacontenttype: 'application/json'
  /** The key: events of one (organization, subject) are delivered in order. */
  subject: string
  /** The event's number within its key, decimal, without leading zeros. */
  sequence: string
  organization: string
  environment: Environment
  actor: Actor
  run?: string
  data: unknown
}

/** One event on its way to one consumer; `identity` is signed by the relay for this event and this consumer. */
export interface EventDelivery {
  event: CloudEvent
  identity: string
}

/** Body of `POST /.rockpool/events`. */
export interface EventBatch {
  events: EventDelivery[]
}

/** What became of one delivered event. `failed` is retried by the relay, the others are final. */
export interface EventResult {
  id: string
  outcome: 'applied' | 'duplicate' | 'ignored' | 'failed'
  error?: { code: string; message: string }
}

/** Answer of `POST /.rockpool/events`, in the order of the batch. */
export interface EventBatchResult {
  results: EventResult[]
}

/** Data of an event `rockpool.effect_recorded`: first `started`, then one of the others, with the same `effect` id. */
export interface EffectRecorded {
  /** Id of this one call of the effect. */
  effect: string
  /** The effect's name, such as `bank.charge`. */
  name: string
  mode: Environment
  outcome: 'started' | 'done' | 'stood in' | 'denied' | 'failed'
  arguments: unknown
  error?: string
}
