/*
 * mock of a sandbox   a stored version of a contract answers for a service, in one sandbox
 * asking              that it is so; it leads to the same contents until it is asked for anew
 *
 * its routes          those of that contract: they lead to it, in this sandbox, in the place of the service's own
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
  /** The member, the run, or the credential. */
  askedBy: string
  /** ISO 8601. */
  askedAt: string
}

/** A route of the contract that a mock answers by; whoever knows of routes makes it. */
export interface VersionRoute {
  /** In capitals. */
  method: string
  /** With `{name}` for each path parameter. */
  path: string
  operationId: string
  /** No credential is needed. */
  anonymous: boolean
}

export interface Asking extends Omit<SandboxMock, 'id' | 'askedAt'> {
  routes: readonly VersionRoute[]
}
