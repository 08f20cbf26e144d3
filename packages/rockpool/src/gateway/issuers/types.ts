import type { Environment } from '@rockpool/sdk/wire'
import type { SignatureAlgorithm } from '../../kernel/index.ts'

/*
 * Vocabulary of end users' tokens
 *
 * issuer     who signs tokens for users: a sign-in service outside of Rockpool, named in the configuration
 * token      a JWT (RFC 7519) as a compact JWS (RFC 7515), in `Authorization: Bearer`
 * key set    the public keys that an issuer publishes (JWKS, RFC 7517); control reads it, and gateways get it in the snapshot
 * foreign    a token of nobody who is configured: it is the service's own matter
 * end user   whom a token that counts speaks for: a customer of one organization, by a name that the issuer gave
 *
 *   issuer ◄── JWKS ── control: reader ──► gateway.issuer_keys ── NOTIFY ──► publisher ──► snapshot ──► every gateway
 *                         ▲ “a key is not known” (report) ◄─────────────────────────────────────────────────┘
 */

/** A public key of an issuer: its public members and nothing else. Base64url as in RFC 7518 6. */
export type IssuerKey = { kid: string | null; alg: SignatureAlgorithm | null } & (
  | { kty: 'RSA'; n: string; e: string }
  | { kty: 'EC'; crv: 'P-256' | 'P-384' | 'P-521'; x: string; y: string }
  | { kty: 'OKP'; crv: 'Ed25519' | 'Ed448'; x: string }
)

export interface SnapshotIssuer {
  /** The claim `iss`, to the letter; what entries of `removed.issuers` name. */
  issuer: string
  /** In the access log. */
  name: string
  /** One of them must be among a token's `aud`. */
  audience: readonly string[]
  /** The claim that names the organization; or the one that all its users are of. */
  organization: { claim: string } | { slug: string }
  /** Of every organization that its tokens may touch. */
  environment: Environment
  /** The claim that tells who the user is. */
  subject: string
  /** Stands before the subject: a subject is unique within its issuer alone. */
  prefix: string
  algorithms: readonly SignatureAlgorithm[]
  clockSkewS: number
  /** The service gets the token too. */
  forwardToken: boolean
  /** As it last published them; none: they could not be read yet. */
  keys: readonly IssuerKey[]
}

/** Whom a verified token speaks for. */
export interface EndUser {
  issuer: SnapshotIssuer
  /** A slug; whether there is such an organization is not said. */
  organization: string
  /** With the issuer's prefix. */
  user: string
}

export type TokenFault =
  | 'token_malformed'
  | 'token_algorithm'
  | 'token_key_unknown'
  | 'token_forged'
  | 'token_wrong_audience'
  | 'token_expired'
  | 'token_not_yet'
  | 'token_without_user'
  | 'token_without_organization'
  /** No key of the issuer is known: nobody can tell. */
  | 'keys_unread'

/** `refused`: it says that it is of this issuer, and does not count. */
export type TokenVerdict =
  | { kind: 'foreign' }
  | { kind: 'refused'; issuer: SnapshotIssuer; fault: TokenFault; detail: string }
  | { kind: 'verified'; user: EndUser }
