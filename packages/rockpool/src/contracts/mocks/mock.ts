import { problem } from '../../kernel/index.ts'
import { createRequestReader } from '../requests/index.ts'
import type { ReadRequest, RequestFinding, RequestReader } from '../requests/index.ts'
import { createSampler } from '../samples/index.ts'
import type { Contract, Operation } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createWriter } from './answer.ts'
import type { Writer } from './answer.ts'
import { createBranchFinder } from './branches.ts'
import { createCallPlanner } from './callbacks/index.ts'
import type { CallPlanner } from './callbacks/index.ts'
import { planDelivery } from './delivery/plan.ts'
import type { Disturbance } from './delivery/plan.ts'
import { appliedTo, readPreference } from './preference.ts'
import type { Preference } from './preference.ts'
import { answerProblem } from './problem.ts'
import { findResources } from './resources.ts'
import { responseFor, successOf } from './responses.ts'
import { Routes } from './routes.ts'
import { State } from './state.ts'
import type { Mock, MockAnswer, MockOptions, MockRequest } from './types.ts'
import { Values } from './values.ts'
import type { Written } from './written.ts'

/**
 * A stand-in for a service, made from its contract. It judges requests as the contract says, answers with examples or with
 * data made from the schemas, and sends nothing that is not valid. With the same seed the same requests give the same answers.
 */
export function createMock(contract: Contract, options: MockOptions = {}): Mock {
  const { seed = '', stateful = true, organization = '', latency = null, faults = [] } = options
  const sampler = createSampler(contract, { seed, validator: createValidator(contract) })
  const validator = createValidator(contract, { direction: 'response' })
  const values = new Values(contract, sampler, validator)
  const parts: Parts = {
    routes: new Routes(contract.operations),
    reader: createRequestReader(contract, createValidator(contract, { direction: 'request' })),
    state: stateful ? new State(findResources(contract), values, organization) : null,
    writer: createWriter({ contract, values, branches: createBranchFinder(sampler) }),
    organization,
    disturbance: { contract, seed, latency, faults },
    planCalls: createCallPlanner(),
  }
  let number = 0
  return { answer: (request) => answer(parts, request, (number += 1)) }
}

interface Parts {
  routes: Routes
  reader: RequestReader
  state: State | null
  writer: Writer
  /** Where the path names none. */
  organization: string
  disturbance: Disturbance
  planCalls: CallPlanner
}

function answer(parts: Parts, request: MockRequest, number: number): MockAnswer {
  const [path = '', ...query] = request.target.split('?')
  const routing = parts.routes.find(request.method, path)
  if (routing.kind === 'none')
    return answerProblem(problem('route_unknown', `the contract has no path for ${path}`))
  if (routing.kind === 'method') {
    const allow = routing.allow.join(', ')
    return answerProblem(problem('method_not_allowed', `this path is served for ${allow}`), ['Allow', allow])
  }
  const { operation, parameters } = routing
  const preference = readPreference(request.headers)
  if (preference.findings.length > 0)
    return answerProblem(problem('malformed_request', `Prefer: ${preference.findings.join('; ')}`))
  const plan = planDelivery(parts.disturbance, operation, preference, number)
  const organization = parameters['organization'] ?? parts.organization
  const call: Call = { operation, headers: request.headers, parameters, organization, preference }
  const answered = plan?.instead ?? served(parts, call, request, path, query.join('?'))
  const told = appliedTo(answered, preference)
  return plan === null ? told : { ...told, delivery: plan.delivery }
}

type Call = Omit<Written, 'response' | 'status' | 'content'>

function served(parts: Parts, call: Call, request: MockRequest, path: string, query: string): MockAnswer {
  const { operation, parameters, headers, organization, preference } = call
  const read = parts.reader.read(operation, { path: parameters, query, headers, body: request.body })
  if (read.findings.length > 0) return answerFindings(operation, read.findings)
  const answer = respond(parts, call, read, path)
  if (!preference.hasCallbacks) return answer
  const calls = parts.planCalls({ operation, request, parameters, organization, body: read.body, answer })
  return calls.length === 0 ? answer : { ...answer, calls }
}

function respond({ state, writer }: Parts, call: Call, read: ReadRequest, path: string): MockAnswer {
  const { operation, parameters, preference } = call
  if (preference.status !== null) return answerStatus(writer, call, preference.status)
  const chosen = successOf(operation.responses)
  if (chosen === undefined) return answerProblem(problem('mock_unable', withoutSuccess(operation)))
  // What could not be answered must not have been done.
  const refusal = writer.refusal({ ...call, ...chosen, content: null })
  if (refusal !== null) return answerProblem(refusal)
  const act = { path, parameters, body: read.body, query: read.parameters.query }
  // Who asks for a certain answer gets it, and nothing is done.
  const outcome = isCertain(preference) ? undefined : state?.act(operation, act)
  if (outcome?.kind === 'missing') return answerMissing(writer, call)
  if (outcome?.kind === 'taken') return answerTaken(writer, call, outcome.id)
  return writer.write({ ...call, ...chosen, content: outcome?.content ?? null })
}

/** Failures are for those who ask for one. */
function withoutSuccess({ id, responses }: Operation): string {
  const failure = responses.find(({ status }) => /^[45]\d\d$/.test(status))?.status
  const advice = failure && `: ask for what it declares, such as by “Prefer: code=${failure}”`
  return `${id} declares no success${advice ?? ''}`
}

function isCertain({ example, branches, items }: Preference): boolean {
  return example !== null || branches.length > 0 || items !== null
}

function answerFindings({ id }: Operation, findings: readonly RequestFinding[]): MockAnswer {
  const refused = problem('invalid_input', `the request is not what ${id} takes`, {
    findings: findings.map(({ in: place, path, message }) => ({ path: `${place} ${path}`.trim(), message })),
  })
  return answerProblem(refused)
}

function answerStatus(writer: Writer, call: Call, wanted: string): MockAnswer {
  const { id, responses } = call.operation
  const chosen = /^[2-5]\d\d$/.test(wanted) ? responseFor(responses, Number(wanted)) : undefined
  if (chosen !== undefined) return writer.write({ ...call, ...chosen, content: null })
  const declared = responses.map(({ status }) => status).join(', ') || 'no status'
  const detail = `Prefer: code=${wanted.slice(0, 20)} cannot be answered: ${id} declares ${declared}`
  return answerProblem(problem('malformed_request', detail))
}

function answerMissing(writer: Writer, call: Call): MockAnswer {
  return (
    answerDeclared(writer, call, 404) ??
    answerProblem(problem('not_found', 'nothing was made here, or it was deleted'))
  )
}

function answerTaken(writer: Writer, call: Call, id: string): MockAnswer {
  return (
    answerDeclared(writer, call, 409) ??
    answerProblem(problem('conflict', `there is one with the id ${id} already`))
  )
}

/** As the contract says it, where it says more than a default. */
function answerDeclared(writer: Writer, call: Call, status: number): MockAnswer | undefined {
  const chosen = responseFor(call.operation.responses, status)
  if (chosen === undefined || chosen.response.status === 'default') return undefined
  return writer.write({ ...call, ...chosen, content: null })
}
