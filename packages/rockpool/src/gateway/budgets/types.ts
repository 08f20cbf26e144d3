/*
 * budget   the writes (unsafe calls) that a run's credential may make in all, by its grant; control has it, in Postgres
 * lease    some of them, lent to one gateway: it spends from its lease, asks for the next, and gives back what it does
 *          not use. No lease, no write
 *
 *   call ──► is a write held here? ──► limits ──► spend ──► service
 *               │ no: one request at a time
 *               ▼
 *            control ──► row of the budget, locked ──► lease
 */

export interface LeaseRequest {
  /** A UUID of the gateway's making: the lease that was given for it is answered again, and not given twice. */
  lease: string
  run: string
  /** The grant's name. */
  grant: string
  /** Writes, from 1 to `mostOfLease`. */
  want: number
  /** The gateway's lease before this one, of which nothing comes back. */
  spent: string | null
}

export interface LeaseAnswer {
  /** Writes of the lease; 0: there is none. */
  granted: number
  /** Writes that nobody has. */
  left: number
  /** Writes of leases that others have, and may give back. */
  lent: number
}

/** The end of a lease. */
export interface GivenBack {
  lease: string
  /** Of its writes that were not used; of more than it had, what it had. */
  writes: number
}

/** Control, as gateways see it. Each call rejects when control does not answer, or refuses. */
export interface Lender {
  /** `withinMs`: how long it may take. */
  lend(request: LeaseRequest, withinMs: number): Promise<LeaseAnswer>
  /** Ends leases; one that has ended already stays as it is. At most `mostGivenBack` at once. */
  takeBack(leases: readonly GivenBack[], withinMs: number): Promise<void>
}
