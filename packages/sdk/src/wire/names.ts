/** Fixed names and limits of the wire. */

export const identityHeader = 'rockpool-identity'
export const problemHeader = 'rockpool-problem'
export const requestIdHeader = 'rockpool-request'

/** Served by control, without authentication. */
export const jwksPath = '/.well-known/jwks.json'

/** Everything below this path in a service belongs to Rockpool and is never routed by the gateway. */
export const reservedPath = '/.rockpool/'
export const eventsPath = '/.rockpool/events'
export const healthPath = '/.rockpool/health'

export const maxBatchEvents = 100
export const maxBatchBytes: number = 4 * 1024 * 1024

/** The type of the event that asks every service to erase an organization (`subject` is its slug). */
export const organizationDeleting = 'rockpool.organization_deleting'
/** The type of the event that records one call of an effect. */
export const effectRecorded = 'rockpool.effect_recorded'

/** A signed identity larger than this is refused unread, in bytes. */
export const maxIdentityBytes = 4096
/** The longest life of a signed identity, in seconds. */
export const maxIdentityLifeS = 180
/** How long an expired identity may still be presented as a stored one by background work, in seconds. */
export const maxStoredIdentityS: number = 7 * 24 * 60 * 60
