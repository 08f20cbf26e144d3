import type { FaultLease, Faults, FaultWhere, Step } from '../authoring/types.ts'
import { parseDuration } from '../../kernel/light.ts'
import type { AttemptContext } from './context.ts'
import { at, captureSite, Misuse, withCauses } from './errors.ts'
import { Obstructed } from './obstructed.ts'
import type { FaultAnswer } from './protocol.ts'

/** `faults.delay('shop', { ms: 500 })`: a step of the evidence, and a lease in control that ends without this process. */
export function createFaultsFixture(context: AttemptContext, step: Step): Faults {
  async function ask(site: ReturnType<typeof captureSite>, question: 'break' | 'mend', argument: unknown) {
    const answer = (await context.ask(question, argument).catch((error: unknown) => {
      const message = `control cannot break anything on purpose: ${withCauses(error)}`
      throw at(site, new Obstructed(message, { retry: true }))
    })) as FaultAnswer | null
    if (answer && 'refused' in answer) throw at(site, new Misuse(`faults: ${answer.refused}`))
    return answer
  }

  function make(kind: string, service: string, how: FaultWhere & Record<string, unknown> = {}) {
    const site = captureSite()
    const { lease, ...rest } = how
    const where = how.operation === undefined ? service : `${service}.${how.operation}`
    return step(`break ${where} on purpose: ${kind}`, async (): Promise<FaultLease> => {
      const seconds = lease === undefined ? {} : { seconds: Math.ceil(parseDuration(lease) / 1_000) }
      const made = (await ask(site, 'break', { ...rest, ...seconds, service, kind })) as FaultMade
      return leaseOf(made, where)
    })
  }

  function leaseOf({ id, endsAt }: FaultMade, where: string): FaultLease {
    return {
      id,
      endsAt: new Date(endsAt),
      async end() {
        const site = captureSite()
        await step(`mend ${where}`, () => ask(site, 'mend', { id }))
      },
    }
  }

  return {
    unavailable: (service, where) => make('unavailable', service, { ...where }),
    delay: (service, how) => make('delay', service, { ...how }),
    abort: (service, where) => make('abort', service, { ...where }),
    status: (service, how) => make('status', service, { ...how }),
    wrongField: (service, how) => make('wrong_field', service, { ...how }),
    reset: (service, how) => make('reset', service, { ...how }),
    throttle: (service, how) => make('throttle', service, { ...how }),
  }
}

type FaultMade = Exclude<FaultAnswer, { refused: string }>
