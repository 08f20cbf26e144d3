/*
 * service        one process of a company that stands behind the gateway
 * desired state  what somebody asked for: running or stopped; kept in Postgres, so that it outlives every process
 * generation     counts the restarts that were asked for
 * observed state what the agent saw last: state, URL, reason, pid, since when
 * agent          starts and stops services on its machine, so that the observed state becomes the desired one
 */

/**
 * starting     its process runs and is not ready yet
 * running      it is ready
 * stopped      nobody wants it to run
 * failed       it ended or never became ready; it is being started again, with growing pauses
 * unavailable  it cannot run on this machine (a program is missing), whatever is wanted
 */
export type ServiceState = 'running' | 'starting' | 'stopped' | 'failed' | 'unavailable'

export type DesiredState = 'running' | 'stopped'
