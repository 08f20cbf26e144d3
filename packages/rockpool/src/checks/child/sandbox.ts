import type { EffectRecord, MockWishes, Sandbox, Step } from '../authoring/types.ts'
import type { AttemptContext } from './context.ts'
import { at, captureSite, Misuse, withCauses } from './errors.ts'
import { Obstructed } from './obstructed.ts'
import { callerPlace } from './place.ts'
import type { MockAnswer } from './protocol.ts'

/** The fixture `sandbox`. The child holds no credential of control's: its parent asks, with the run's. */
export function createSandbox(context: AttemptContext, step: Step): Sandbox {
  const { organization, createdAt } = context.order

  async function askMocks(
    site: ReturnType<typeof captureSite>,
    question: 'mock in the sandbox' | 'unmock in the sandbox',
    argument: { service: string } & MockWishes,
  ) {
    const answer = (await context.ask(question, argument).catch((error: unknown) => {
      const message = `control cannot mock ${argument.service}: ${withCauses(error)}`
      throw at(site, new Obstructed(message, { retry: true }))
    })) as MockAnswer | null
    if (answer && 'refused' in answer) throw at(site, new Misuse(`sandbox.mock: ${answer.refused}`))
    return answer
  }

  return {
    organization,
    createdAt: new Date(createdAt),
    async effects(name) {
      const site = captureSite()
      const entry = context.recorder.begin({
        type: 'effects',
        name,
        count: null,
        place: callerPlace(),
      })
      try {
        const records = (await context.ask('effects', { name })) as EffectRecord[]
        entry.count = records.length
        return records
      } catch (error) {
        throw at(
          site,
          new Obstructed(`control cannot tell the effects: ${withCauses(error)}`, { retry: true }),
        )
      } finally {
        context.recorder.end(entry)
      }
    },
    async mock(service, wishes = {}) {
      const site = captureSite()
      const named = wishes.version === undefined ? service : `${service}@${wishes.version}`
      return step(`mock ${named}`, async () => {
        const asked = await askMocks(site, 'mock in the sandbox', { ...wishes, service })
        const { version, operations } = asked as Exclude<MockAnswer, { refused: string }>
        context.mocked.set(
          service,
          Object.fromEntries(operations.map(({ id, method, path }) => [id, { method, path }])),
        )
        return { version }
      })
    },
    async unmock(service) {
      const site = captureSite()
      await step(`unmock ${service}`, () => askMocks(site, 'unmock in the sandbox', { service }))
      context.mocked.delete(service)
    },
  }
}
