import type { Clock, Database, Listener } from '../kernel/index.ts'
import {
  channel,
  forgetObserved,
  replaceServices,
  selectService,
  selectServices,
  updateDesired,
  updateObserved,
} from './store.ts'
import type { DesiredState, Observation, Service, ServiceKind } from './types.ts'

/** The desired and the observed state of services. Who starts and stops them is the agent. */
export interface Deploys {
  /** Makes the list be this one; what somebody asked for a service that stays, stays. */
  declare(services: readonly { name: string; kind: ServiceKind }[]): Promise<void>
  /** What was seen in an earlier life is over: none of it runs any more, and somebody else may be at its place. */
  forget(): Promise<void>
  list(): Promise<Service[]>
  /** `not_found` when there is none. */
  get(name: string): Promise<Service>
  /** `by`: the credential or member that asks. The answer is the state right after asking. */
  start(name: string, by: string | null): Promise<Service>
  stop(name: string, by: string | null): Promise<Service>
  /** Also of a stopped one: it runs afterwards. */
  restart(name: string, by: string | null): Promise<Service>
  /** Resolves once the agent has done what is asked of this service, or after `withinMs`; the answer tells which. */
  settled(name: string, withinMs: number): Promise<Service>
  /** For the agent. An unknown name is passed over: it was taken out of the configuration. */
  observe(name: string, seen: Observation): Promise<void>
  /** Calls the listener when anything changed, or may have; the name is '' where it may be any. */
  onChange(listener: (name: string) => void): Promise<Listener>
}

export function createDeploys({ database, clock }: { database: Database; clock: Clock }): Deploys {
  const ask = (name: string, by: string | null, desired: DesiredState, restart: boolean): Promise<Service> =>
    database.transaction(async (tx) => {
      await selectService(tx, name)
      await updateDesired(tx, name, { desired, by, restart })
      return selectService(tx, name)
    })

  return {
    declare: (services) => database.transaction((tx) => replaceServices(tx, services)),
    forget: () => database.transaction(forgetObserved),
    list: () => selectServices(database),
    get: (name) => selectService(database, name),
    start: (name, by) => ask(name, by, 'running', false),
    stop: (name, by) => ask(name, by, 'stopped', false),
    restart: (name, by) => ask(name, by, 'running', true),
    async settled(name, withinMs) {
      const deadline = clock.now() + withinMs
      for (;;) {
        const service = await selectService(database, name)
        if (isSettled(service) || clock.now() >= deadline) return service
        await clock.sleep(50)
      }
    },
    observe: (name, seen) => database.transaction((tx) => updateObserved(tx, name, seen)),
    onChange: (listener) => database.listen(channel, listener, () => listener('')),
  }
}

/** Whether what is seen is what is wanted, or as near as it will come for now. Pure. */
export function isSettled({ desired, state, generation, observedGeneration }: Service): boolean {
  if (observedGeneration < generation) return false
  return desired === 'stopped' ? state === 'stopped' : state !== 'starting' && state !== 'stopped'
}
