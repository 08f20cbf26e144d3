import type { PublicKey } from '@rockpool/sdk/wire'

/*
 *   gateway ── /mck_…/<path of the service>, identity ──► asking ──► identity: signed for the service, of the sandbox ──► mock ──► answer
 *                                                           │                                                              │
 *   control ◄── what is asked for, once a second ───────────┘            contract by its address, verified, once ──────────┘
 */

/** What is asked for, as the host needs to know it. */
export interface HostedMock {
  id: string
  /** The sandbox. */
  organization: string
  service: string
  /** Of the contract. */
  address: string
  seed: string
}

/** What the host asks of control. Each call rejects when control cannot be reached or refuses. */
export interface MockSource {
  list(): Promise<HostedMock[]>
  /** Of those who sign identities. */
  keys(): Promise<PublicKey[]>
  /** The text of a contract. */
  contract(address: string): Promise<string>
}
