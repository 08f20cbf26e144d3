import { problem } from '../../kernel/index.ts'
import { createRequestReader } from '../requests/index.ts'
import type { RequestFinding, RequestReader } from '../requests/index.ts'
import { createSampler } from '../samples/index.ts'
import type { Contract, Operation } from '../types.ts'
import { createValidator } from '../validation/index.ts'
import { createWriter } from './answer.ts'
import type { Writer, Written } from './answer.ts'
import { readPreference, responseFor, successOf } from './preference.ts'
import { answerProblem } from './problem.ts'
import { findResources } from './resources.ts'
import { Routes } from './routes.ts'
import { State } from './state.ts'
import type { Mock, MockAnswer, MockOptions, MockRequest } from './types.ts'
import { Values } from './values.ts'

/**
 * A stand-in for a service, made from its contract. It judges requests as the contract says, answers with examples or with
 * data made from the schemas, and sends nothing that is not valid. With the same seed the same requests give the same answers.
 */
export function createMock(
  contract: Contract,
  { seed = '', stateful = true, organization = '' }: MockOptions = {},
): Mock {
  const sampler = createSampler(contract, { seed, validator: createValidator(contract) })
  const validator = createValidator(contract, { direction: 'response' })
  const values = new Values(contract, sampler, validator)
  const routes = new Routes(contract.operations)
  const reader = createRequestReader(contract, createValidator(contract, { direction: 'request' }))
  const state = stateful ? new State(findResources(contract), values, organization) : null
  const parts = { routes, reader, state, writer: createWriter(contract, values), organization }
  return { answer: (request) => answer(parts, request) }
}

interface Parts {
  routes: Routes
  reader: RequestReader
  state: State | null
  writer: Writer
  /** Where the path names none. */
  organization: string
}

function answer(parts: Parts, request: MockRequest): MockAnswer {
  const { routes, reader, state, writer } = parts
  const [path = '', ...query] = request.target.split('?')
  const routing = routes.find(request.method, path)
  if (routing.kind === 'none')
    return answerProblem(problem('route_unknown', `the contract has no path for ${path}`))
  if (routing.kind === 'method') {
    const allow = routing.allow.join(', ')
    return answerProblem(problem('method_not_allowed', `this path is served for ${allow}`), ['Allow', allow])
  }
  const { operation, parameters } = routing
  const { headers, body } = request
  const read = reader.read(operation, { path: parameters, query: query.join('?'), headers, body })
  if (read.findings.length > 0) return answerFindings(operation, read.findings)

  const { status, example } = readPreference(headers)
  const organization = parameters['organization'] ?? parts.organization
  const call: Call = { operation, headers, parameters, organization, example }
  if (status !== null) return answerStatus(writer, call, status)
  const chosen = successOf(operation.responses)
  if (chosen === undefined) return answerProblem(problem('mock_unable', `${operation.id} declares no answer`))
  // What could not be answered must not have been done.
  const refusal = writer.refusal({ ...call, ...chosen, content: null })
  if (refusal !== null) return answerProblem(refusal)
  const outcome = state?.act(operation, { path, parameters, body: read.body, query: read.parameters.query })
  if (outcome?.kind === 'missing') return answerMissing(writer, call)
  if (outcome?.kind === 'taken') return answerTaken(writer, call, outcome.id)
  return writer.write({ ...call, ...chosen, content: outcome?.content ?? null })
}

type Call = Omit<Written, 'response' | 'status' | 'content'>

function answerFindings({ id }: Operation, findings: readonly RequestFinding[]): MockAnswer {
  const refused = problem('invalid_input', `the request is not what ${id} takes`, {
    findings: findings.map(({ in: place, path, message }) => ({ path: `${place} ${path}`.trim(), message })),
  })
  return answerProblem(refused)
}

function answerStatus(writer: Writer, call: Call, wanted: string): MockAnswer {
  const { id, responses } = call.operation
  const chosen = /^[2-5]\d\d$/.test(wanted) ? responseFor(responses, Number(wanted)) : undefined
  if (chosen !== undefined)
    return applied(writer.write({ ...call, ...chosen, content: null }), `code=${wanted}`)
  const declared = responses.map(({ status }) => status).join(', ') || 'no status'
  const detail = `Prefer: code=${wanted.slice(0, 20)} cannot be answered: ${id} declares ${declared}`
  return answerProblem(problem('malformed_request', detail))
}

/** RFC 7240 3. */
function applied(answer: MockAnswer, preference: string): MockAnswer {
  return { ...answer, headers: [...answer.headers, 'Preference-Applied', preference] }
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
