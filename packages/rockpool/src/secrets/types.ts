/*
 * The vocabulary of secrets
 *
 * secret    a value that a check needs and nobody may read, such as a token of somebody else's API; it has a name
 * set       gives a name its value; set again, the new one counts from the next run on (a rotation), and the old one is gone
 * taken     handed to a run that is under way, for the names that its file uses; no other way leads out
 *
 *   set ──► seal (AES-256-GCM) ──► secrets.secret ──► open ──► run ──► `secrets.NAME`, hidden in all that the run tells
 */

/** What may be known of a secret; never its value. */
export interface Secret {
  name: string
  /** 1, and one more with each value that replaces another. */
  version: number
  /** The credential or member that set this value. */
  setBy: string | null
  /** ISO 8601. */
  setAt: string
  /** The run that took it last, and when. */
  takenBy: string | null
  takenAt: string | null
}

/** What a run gets: values by name, and for each name that has none the reason, with what to do. */
export interface TakenSecrets {
  values: Record<string, string>
  missing: Record<string, string>
}
