import { problem } from '../../../kernel/index.ts'
import { originOf } from '../../source/origins.ts'
import type { Contract, Operation } from '../../types.ts'
import type { MockAnswer, MockRequest } from '../types.ts'
import { createCallMaker } from './requests.ts'
import { createCallSender } from './sender.ts'
import type { SenderBounds } from './sender.ts'
import type { PlannedCall, ToldCall } from './types.ts'
import { createWebhooks } from './webhooks.ts'
import { answerProblem } from '../problem.ts'

/** Calls that are remembered. */
const mostKept = 100
/** Of Rockpool; the gateway routes none of them. */
const ownPath = /^\/\.rockpool(?:[/?]|$)/

export interface MockCallsOptions {
  contract: Contract
  seed?: string
  /** Where calls may go, as `readOrigins` gives them; to any other origin nothing is sent. */
  origins: ReadonlySet<string>
  /** Hears what became of each call. */
  tell?: (told: ToldCall) => void
  bounds?: Partial<SenderBounds>
}

/** What a mock sends by itself: callbacks after its answers, and webhooks when somebody asks. */
export interface MockCalls {
  /** Sends them when there is room, and tells. */
  send(calls: readonly PlannedCall[]): void
  /** Whether a request is for `answer`, not for the mock. */
  owns(target: string): boolean
  /** `GET /.rockpool/mock/calls`, `POST /.rockpool/mock/webhooks/{name}`. Never rejects. */
  answer(request: MockRequest): Promise<MockAnswer>
  close(): void
}

/** @throws Problem `invalid_input`: the contract has paths that are Rockpool's own; all of them are told */
export function createMockCalls(options: MockCallsOptions): MockCalls {
  const { contract, seed = '', origins, tell = () => {}, bounds = {} } = options
  refuseOwnPaths(contract)
  const kept: ToldCall[] = []
  const sender = createCallSender({
    maker: () => createCallMaker(contract, { seed }),
    origins,
    bounds,
    tell(told) {
      kept.push(told)
      if (kept.length > mostKept) kept.shift()
      tell(told)
    },
  })
  const webhooks = createWebhooks(contract, sender)
  return {
    send: (calls) => calls.forEach((call) => void sender.send(call)),
    owns: (target) => ownPath.test(target),
    async answer(request) {
      const path = request.target.split('?')[0]!
      const [, name] = /^\/\.rockpool\/mock\/webhooks\/([^/]+)$/.exec(path) ?? []
      if (name !== undefined) return only('POST', request, () => webhooks.answer(name, request))
      if (path === '/.rockpool/mock/calls') return only('GET', request, () => answerJson({ calls: kept }))
      return answerProblem(
        problem('route_unknown', 'a mock has /.rockpool/mock/calls and /.rockpool/mock/webhooks/{name}'),
      )
    },
    close: () => sender.close(),
  }
}

function only(
  method: string,
  request: MockRequest,
  answer: () => MockAnswer | Promise<MockAnswer>,
): MockAnswer | Promise<MockAnswer> {
  const allow = method === 'GET' ? ['GET', 'HEAD'] : [method]
  if (allow.includes(request.method)) return answer()
  const detail = `this path is served for ${allow.join(', ')}`
  return answerProblem(problem('method_not_allowed', detail), ['Allow', allow.join(', ')])
}

const answerJson = (value: unknown): MockAnswer => ({
  status: 200,
  headers: ['Content-Type', 'application/json'],
  body: JSON.stringify(value),
})

function refuseOwnPaths({ operations }: Contract): void {
  const findings = operations.filter(({ path }) => ownPath.test(path)).map(findingOf)
  if (findings.length > 0) throw problem('invalid_input', 'a mock cannot serve this contract', { findings })
}

function findingOf(operation: Operation) {
  const { file, line, pointer } = originOf(operation) ?? {}
  const place = {
    path: pointer ?? operation.path,
    message: `${operation.path}: paths below /.rockpool are Rockpool’s own`,
  }
  return file === undefined || line === undefined ? place : { ...place, file, line }
}
