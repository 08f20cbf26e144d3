/*
 * mock of a sandbox   a stored version of a contract answers for a service, in one sandbox
 * asking              that it is so; it leads to the same contents until it is asked for anew
 *
 *   ask ──► contracts.sandbox_mock ── NOTIFY ──► publisher ──► every gateway sends the sandbox's calls to the role mocks
 *                      └──────────────── list, once a second ◄─────────────────────────────────────── role mocks
 */

export interface SandboxMock {
  /** `mck_…`; another one whenever something else is asked for. */
  id: string
  /** The sandbox. */
  organization: string
  service: string
  /** Of the contract that it answers by. */
  address: string
  /** The version as people know it: `1.2.0`, `branch:feature/x`, or the address. */
  version: string
  seed: string
  /** The member, or the credential. */
  askedBy: string
  /** ISO 8601. */
  askedAt: string
}

export type Asking = Omit<SandboxMock, 'id' | 'askedAt'>
