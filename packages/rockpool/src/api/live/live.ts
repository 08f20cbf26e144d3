import {
  messageOf,
  problem,
  type Caller,
  type Clock,
  type Database,
  type Listener,
  type Log,
} from '../../kernel/index.ts'
import { credentialState, type Credential, type Organizations } from '../../organizations/index.ts'
import { topics } from './operations.ts'
import { openStream, type EventStream } from './stream.ts'

/*
 *   a part's table ─ trigger ─► pg_notify('rockpool_changes', topic) ─► every control ─ gathered for 250 ms ─► each stream
 *
 * A stream tells only that something changed. What it is the page asks as itself: nobody hears more than they may read.
 */

export interface LiveOptions {
  database: Pick<Database, 'listen'>
  organizations: Organizations
  clock: Clock
  log: Log
  version: string
  /** Milliseconds between beats; default 5 s. */
  beatMs?: number
  /** Milliseconds for which changes are gathered; default 250. */
  gatherMs?: number
  /** Streams at once, of all and of one session; default 200 and 20. */
  most?: { all: number; session: number }
}

export interface Live {
  start(): Promise<void>
  /** A stream for the caller; `too_many_requests` when there are too many. */
  open(caller: Caller, signal: AbortSignal): Promise<Response>
  /** Ends all streams. */
  close(): Promise<void>
}

interface Connection {
  credential: Pick<Credential, 'id' | 'endsAt' | 'revokedAt'>
  stream: EventStream
  /** Said hello to: until then nothing is told, and after it everything is read anyway. */
  isGreeted: boolean
}

export function createLive(options: LiveOptions): Live {
  const { database, organizations, clock, log, beatMs = 5_000, gatherMs = 250 } = options
  const most = options.most ?? { all: 200, session: 20 }
  const connections = new Set<Connection>()
  const listeners: Listener[] = []
  const gathered = new Set<string>()
  let gathering: NodeJS.Timeout | undefined
  let beating: NodeJS.Timeout | undefined
  const now = () => new Date(clock.now()).toISOString()

  const tell = (event: string, data: unknown) => {
    for (const { stream, isGreeted } of connections) if (isGreeted) stream.send(event, data)
  }

  const changed = (names: Iterable<string>) => {
    for (const name of names) if ((topics as readonly string[]).includes(name)) gathered.add(name)
    gathering ??= setTimeout(() => {
      gathering = undefined
      const told = [...gathered]
      gathered.clear()
      tell('changed', { topics: told })
    }, gatherMs)
  }

  /** Ends what is over by its credential. */
  const endOver = () => {
    for (const { credential, stream } of connections) {
      if (credentialState(credential, clock.now()) !== 'active') stream.end()
    }
  }

  /** Reads the credential anew: it may have been revoked. */
  const recheck = async (connection: Connection) => {
    connection.credential = await organizations.getCredential(connection.credential.id)
    endOver()
  }
  const recheckAll = async (of: readonly Connection[]) => {
    for (const connection of of) {
      await recheck(connection).catch((error: unknown) => {
        log.warn({ error: messageOf(error) }, 'a session could not be read again: its stream ends')
        // It may be over. Its page asks for another stream, and is judged anew.
        connection.stream.end()
      })
    }
  }

  return {
    async start() {
      // What was told while Postgres was away nobody knows: everything may have changed.
      listeners.push(
        await database.listen(
          'rockpool_changes',
          (name) => changed([name]),
          () => changed(topics),
        ),
      )
      listeners.push(
        await organizations.onChange((change) => {
          if (change.kind === 'resync') void recheckAll([...connections])
          if (change.kind !== 'credential') return
          void recheckAll([...connections].filter(({ credential }) => credential.id === change.id))
        }),
      )
      beating = setInterval(() => {
        endOver()
        tell('beat', { now: now() })
      }, beatMs).unref()
    },

    async open(caller, signal) {
      const ofSession = [...connections].filter(({ credential }) => credential.id === caller.credential)
      if (connections.size >= most.all || ofSession.length >= most.session)
        throw problem('too_many_requests', 'too many streams are open; close some pages')
      const stream = openStream(signal, () => connections.delete(connection))
      const connection: Connection = {
        credential: { id: caller.credential, endsAt: null, revokedAt: null },
        stream,
        isGreeted: false,
      }
      connections.add(connection)
      try {
        // After it is among those that hear of changes, so that no revocation falls in between.
        await recheck(connection)
      } catch (error) {
        stream.end()
        throw error
      }
      stream.send('hello', { now: now(), version: options.version })
      connection.isGreeted = true
      return stream.response
    },

    async close() {
      clearInterval(beating)
      clearTimeout(gathering)
      for (const { stream } of connections) stream.end()
      await Promise.all(listeners.splice(0).map((listener) => listener.close()))
    },
  }
}
