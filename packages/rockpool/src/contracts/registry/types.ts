import type { Finding } from '../../kernel/index.ts'
import type { Bundle } from '../bundle.ts'
import type { Aspect, Difference, MetBy, Weighable, Weights } from '../differences/index.ts'
import type { Usage } from '../traffic/index.ts'
import type { Format, Operation, SecurityRequirement } from '../types.ts'
import type { SourceLine } from './comparison.ts'
import type { Delivery } from './notify/types.ts'

/*
 * Vocabulary
 *
 * push       a contract of a service, as somebody gave it at some time; kept for ever
 * address    the hash of its contents
 * name       a semantic version or a git revision; leads to one push for ever
 * branch     a name that moves: what was pushed last on it; it has an end
 * base       what a push is compared with: what runs in production, else the newest earlier version
 * approval   that a difference may break whoever it breaks
 * watcher    who is told what a push changes; notice: one telling, which is sent where the watcher has an address (notify/)
 *
 *   bundle ──► read ──► name ──► compared with its bases ──► refused: what breaks, for whom, how to keep it
 *                                                      └───► one transaction: contract, push, notices
 */

export type NameKind = 'version' | 'revision'

export interface PushName {
  kind: NameKind
  name: string
}

/** One push, with what its contract says of itself. */
export interface Version {
  id: number
  service: string
  address: string
  /** Null: nobody gave it one. */
  name: string | null
  kind: NameKind | null
  branch: string | null
  /** ISO 8601; of a branch alone. */
  branchEndsAt: string | null
  pushedBy: string
  pushedAt: string
  note: string | null
  title: string
  /** `info.version`, as it is written. */
  infoVersion: string
  format: Format
  operations: number
  schemas: number
  /** Where it runs in production now, the longest first. */
  running: { release: string | null; since: string }[]
}

export interface PushInput {
  service: string
  bundle: Bundle
  /** Null: `info.version`. */
  name: PushName | null
  branch: { name: string; endsAt: Date | null } | null
  note: string | null
  by: string
  /** Nothing is stored and nothing refused: the answer says what would be. */
  dryRun?: boolean
}

/** What a push was compared with. */
export interface Base {
  address: string
  /** Its name, or what its `info.version` says. */
  name: string
  /** `production`: it runs there, as this release. `earlier`: the newest version before. */
  because: 'production' | 'earlier'
  release: string | null
}

/** Something that breaks callers, as it is told. */
export interface Break {
  fingerprint: string
  rule: string
  /** `POST /pets`; null: in what operations share. */
  operation: string | null
  place: string
  /** What is different. */
  sentence: string
  /** The operations that meet it, some of them, and how many there are. */
  uses: string[]
  usesInAll: number
  /** How to keep what was promised; null: there is no way. */
  advice: string | null
  /** Where the pushed contract says it, or where the base did. */
  file: string | null
  line: number | null
  /** Whom it meets; null: nobody watches. */
  traffic: MetBy | null
  /** The same in words; null: there is nothing to say. */
  met: string | null
  /** The approval that lets it pass. */
  approval: string | null
}

export interface PushResult {
  /** Null: nothing was stored. */
  version: Version | null
  /** False: it was there before, under this name. */
  isNew: boolean
  comparedWith: Base[]
  /** How many differences of which weight. */
  counts: Record<string, number>
  /** What breaks callers, unless the version says so; those that nobody approved first, at most 200. */
  breaks: Break[]
  /** How many of them nobody approved. */
  openBreaks: number
  /** Why it is refused; without `dryRun` it is a Problem that says so. */
  refusal: Refusal | null
}

/** What breaks, for whom, and what can be done. */
export interface Refusal {
  detail: string
  findings: Finding[]
}

export interface Approval {
  id: string
  service: string
  fingerprint: string
  base: string | null
  reason: string
  approvedBy: string
  approvedAt: string
  endsAt: string | null
  revokedBy: string | null
  revokedAt: string | null
}

export interface Watcher {
  id: string
  service: string
  watchedBy: string
  consumer: string | null
  since: string
  /** Where notices are sent, without what stands in the query; null: nowhere. */
  to: string | null
  /** Since when nothing is sent there any more, because it answered 410. */
  goneAt: string | null
}

/** A watcher, with what became of the newest notice that was sent to its address. */
export interface ListedWatcher extends Watcher {
  last: (Delivery & { notice: number; version: string | null; address: string }) | null
}

/** A watcher as it was made. */
export interface MadeWatcher extends Watcher {
  /** What its notices are signed with, `whsec_…`; null: it has none, or had it before. It is shown nowhere else. */
  secret: string | null
}

/** A difference as a notice tells it. */
export interface NoticeLine {
  weight: string
  operation: string | null
  place: string
  rule: string
  sentence: string
  fingerprint: string
}

export interface Notice {
  id: number
  watcher: Watcher
  push: { service: string; address: string; name: string | null; pushedBy: string; pushedAt: string }
  base: string
  counts: Record<string, number>
  /** The worst of them, at most 50. */
  differences: NoticeLine[]
  /** What became of it at the watcher's address; null: it had none. */
  delivery: Delivery | null
}

export interface Listed {
  service: string
  latest: Version | null
  production: Version[]
  pushes: number
}

/** What is known of the calls that a contract is about. */
export interface Traffic {
  /** Whom differences meet, by their fingerprints. */
  weights(service: string, differences: readonly Weighable[]): Promise<Weights>
  /** Whether a consumer's calls meet one of them; null: it is not known. */
  isMetBy(service: string, differences: readonly Weighable[], consumer: string): Promise<boolean | null>
  /** All that was seen of a service, by whomever. */
  all(service: string): Promise<Usage>
}

/** A place in a document that was pushed. */
export interface ToldPlace {
  file: string
  /** From 1. */
  line: number
  /** JSON pointer (RFC 6901) within the file. */
  pointer: string
  /** What stands there and around it; none where they were not asked for. */
  lines: SourceLine[]
}

/** A difference between two versions, with what stands on both sides. */
export interface ToldDifference
  extends
    NoticeLine,
    Pick<Difference, 'wire' | 'source' | 'meaning'>,
    Pick<Break, 'uses' | 'usesInAll' | 'advice' | 'traffic' | 'met'> {
  /** Null: that side says nothing of it. */
  before: ToldPlace | null
  after: ToldPlace | null
  /** What lets it pass now. */
  approval: Approval | null
}

/** How two versions differ, a page of it. */
export interface ToldComparison {
  from: Version
  to: Version
  /** Of all: by weight, by aspect, by operation. */
  counts: Record<string, number>
  aspects: Record<Aspect, number>
  operations: { operation: string; differences: number }[]
  operationsInAll: number
  /** How many are as they were asked for, and how many of these stand before this page. */
  matching: number
  before: number
  differences: ToldDifference[]
  next: string | null
}

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface PageRequest {
  cursor?: string | undefined
  limit?: number | undefined
}

/** An operation, as far as a route is made of it. */
export interface OperationOutline extends Pick<Operation, 'id' | 'isNamed' | 'method' | 'path'> {
  /** Its own, or the contract's. Null: nothing is said. */
  security: SecurityRequirement[] | null
}
