import { sha256Hex } from '../../kernel/index.ts'
import { toKeyObject } from './keys.ts'
import type { SnapshotIssuer, TokenVerdict } from './types.ts'
import { judgeTimes, proveToken } from './verify.ts'
import type { OpenIssuer, Proof } from './verify.ts'

/** The issuers of one snapshot, ready to judge tokens. */
export interface Issuers {
  /** By `iss`. */
  readonly entries: ReadonlyMap<string, SnapshotIssuer>
  /** What a token is worth at `now` (milliseconds). The same token and time always give the same verdict. */
  judge(text: string, now: number): TokenVerdict
  /** Tokens that are remembered: those that were proven, and the others. */
  remembered(): { proven: number; refused: number }
}

const maxProven = 10_000
const maxRefused = 1_000

/**
 * Verifying a signature costs as much as some whole requests, so what a token proves is remembered, by the SHA-256 of its
 * text. That depends on the keys alone: what is remembered goes with this object, which is made anew when an issuer or
 * its keys change. Whether it counts now is judged each time. Proven ones are remembered until they expire, refused ones
 * for as long as their place is not needed; neither can push out the other.
 */
export function createIssuers(list: readonly SnapshotIssuer[]): Issuers {
  const open = new Map(list.map((entry) => [entry.issuer, openIssuer(entry)]))
  const proven = new Map<string, Proof>()
  const refused = new Map<string, Proof>()

  function prove(text: string, hash: string): Proof {
    const proof = proven.get(hash) ?? refused.get(hash) ?? proveToken(open, text)
    // Whose tokens they are costs nothing to tell, and there may be many of nobody's.
    if (proof.kind === 'proven') remember(proven, maxProven, hash, proof)
    else if (proof.kind === 'refused') remember(refused, maxRefused, hash, proof)
    return proof
  }

  return {
    entries: new Map(list.map((entry) => [entry.issuer, entry])),
    judge(text, now) {
      if (open.size === 0) return { kind: 'foreign' }
      const hash = sha256Hex(text)
      const verdict = judgeTimes(prove(text, hash), now)
      if (verdict.kind === 'refused' && verdict.fault === 'token_expired') proven.delete(hash)
      return verdict
    },
    remembered: () => ({ proven: proven.size, refused: refused.size }),
  }
}

/** A Map keeps its order: what was used last stands last, and the first goes. */
function remember(known: Map<string, Proof>, most: number, hash: string, proof: Proof): void {
  known.delete(hash)
  known.set(hash, proof)
  if (known.size <= most) return
  const [oldest] = known.keys()
  known.delete(oldest!)
}

function openIssuer(entry: SnapshotIssuer): OpenIssuer {
  const keys = entry.keys.flatMap((key) => {
    const object = toKeyObject(key)
    return object === undefined ? [] : [{ key, object }]
  })
  return { entry, keys }
}
