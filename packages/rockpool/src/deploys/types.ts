import type { ServiceState } from '../gateway/index.ts'

/*
 * service        one process of a company that stands behind the gateway
 * remote         a service that runs already, somewhere else: nobody here starts or stops it
 * third party    a process outside the company that a demo starts beside it; it is never routed
 * desired state  what somebody asked for: running or stopped; kept in Postgres, so that it outlives every process
 * generation     counts the restarts that were asked for
 * observed state what the agent saw last: state, URL, reason, pid, since when
 * agent          starts and stops services on its machine, so that the observed state becomes the desired one
 *
 *   operations ── desired, generation ──► deploys.service ──► agent ──► processes
 *   gateway    ◄────── state, url ─────── deploys.service ◄── agent ◄──┘
 *
 * state: starting     its process runs and is not ready yet
 *        running      it is ready
 *        stopped      nobody wants it to run
 *        failed       it ended or never became ready; it is being started again, with growing pauses
 *        unavailable  it cannot run on this machine (a program is missing), whatever is wanted
 */

export type { ServiceState } from '../gateway/index.ts'
export type DesiredState = 'running' | 'stopped'
export type ServiceKind = 'service' | 'remote' | 'third-party'

export interface Service {
  name: string
  kind: ServiceKind
  desired: DesiredState
  /** Who asked for it; null: the configuration. */
  desiredBy: string | null
  generation: number
  state: ServiceState
  /** Why it is not running, for people; null while it is. */
  reason: string | null
  /** Origin, such as `http://127.0.0.1:41234`. */
  url: string | null
  pid: number | null
  /** When it came into this state, ISO 8601. */
  since: string
  /** The generation that the observation is of: behind `generation` while a restart is under way. */
  observedGeneration: number
}

/** What the agent saw. */
export type Observation = Pick<Service, 'state' | 'reason' | 'url' | 'pid' | 'since' | 'observedGeneration'>
