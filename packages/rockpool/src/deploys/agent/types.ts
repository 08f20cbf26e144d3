import type { ServiceState } from '../types.ts'

/*
 * process    one program that the agent keeps running: a service, a third party of the demo, or a role of Rockpool
 * family     a process with everything it started: its process group, and whatever carries its mark
 * mark       a random word in a family's environment (ROCKPOOL_PROCESS), by which a later agent knows it again;
 *            with the leader's pid and start time it is kept in <data>/processes/<name>.json
 * ready      it answers: HTTP below 500, a TCP connection, or a line of its output
 * orphan     a member of a family whose agent was killed
 */

/** How one learns that a process can be used; `http` is a path at its own port, or a whole URL. */
export type Readiness =
  | { http: string }
  /** A path by TLS: its certificate is to be for `host`, of a public authority or of those in the file `ca`. */
  | { https: string; host: string; ca: string | undefined }
  | { tcp: true }
  | { line: string }

/** What to run, and with what. Nothing of the agent's own environment is passed on beside PATH, HOME and the locale. */
export interface ProcessSpec {
  /** Lower-case letters, digits and dashes: it names the log file and the mark's file. */
  name: string
  /** The program and its arguments; the program `node` is the Node that runs Rockpool. */
  command: readonly string[]
  /** Working folder, absolute. */
  folder: string
  /** Environment; as a function it is asked again at each start, with the port that this start got. */
  env?:
    | Readonly<Record<string, string>>
    | ((at: { port: number; url: string }) => Readonly<Record<string, string>>)
  /** A preferred port, or 'any'; it is passed as PORT, with HOST=127.0.0.1. Absent: the process needs none. */
  port?: number | 'any'
  /** Absent: it counts as running once it is started. */
  ready?: Readiness
  /** After this long without being ready it is ended and started anew; 30 s unless said. */
  readyWithinMs?: number
  /** Programs that must be found on PATH, else the process is `unavailable`. */
  requires?: readonly string[]
  /** Comes back in the status of the process that is started with it; 0 unless said. */
  generation?: number
}

/** What is known of a process now. `url` is there whenever a port is. */
export interface ProcessStatus {
  name: string
  state: ServiceState
  /** Why it is not running, for people; null while it is. */
  reason: string | null
  pid: number | null
  port: number | null
  url: string | null
  /** When it came into this state. */
  since: Date
  /** How often it was started again because it had ended unasked. */
  restarts: number
  /** The spec's. */
  generation: number
}

/** Keeps processes running on this machine. Failures of a process are states, never exceptions. */
export interface Supervisor {
  /**
   * Ends what a killed predecessor left on the same data folder, and returns the names. Call it once, with the
   * data folder's lock held, before the first start.
   */
  sweep(): Promise<string[]>
  /** Starts (or, with another spec, replaces) a process; resolves when it is running, or at its first failure. */
  start(spec: ProcessSpec): Promise<ProcessStatus>
  /** Ends the whole family: SIGTERM, then SIGKILL. Resolves when nothing of it is left. */
  stop(name: string): Promise<void>
  /** Stops and starts it, with the spec it was last given, or this one. */
  restart(name: string, spec?: ProcessSpec): Promise<ProcessStatus>
  /** Undefined for a name that was never started. */
  status(name: string): ProcessStatus | undefined
  list(): ProcessStatus[]
  /** Called after each change of a status; the answer ends it. */
  onChange(listener: (status: ProcessStatus) => void): () => void
  /** Stops everything, last started first where order matters to the caller: all at once, within the grace period. */
  close(): Promise<void>
}
