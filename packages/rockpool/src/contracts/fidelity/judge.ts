import { responseFor } from '../mocks/responses.ts'
import { compareAnswers, judgeAnswer } from './compare.ts'
import type { Comparing } from './compare.ts'
import type { FidelityFinding, FidelityRequest, OperationFidelity, SeenAnswer } from './types.ts'

/** What is said of an operation after both have answered. Pure. */
export function judgeStep(
  comparing: Comparing,
  request: Pick<FidelityRequest, 'isMadeUp' | 'hasMadeUpPath'>,
  real: SeenAnswer,
  mock: SeenAnswer,
): OperationFidelity {
  const { operation } = comparing
  const { status } = real
  // An answer of the gateway's own says nothing about the service, but that it did not answer.
  const refusal = real.headers['rockpool-problem']
  if (refusal !== undefined && status >= 500) {
    const message = `no answer came: the gateway says ${refusal}`
    return differs(comparing, [{ what: 'status', at: '', message, breaks: true }])
  }
  if (refusal !== undefined) return notTried(operation, `the gateway refused it: ${refusal}`)

  const isRefused = status >= 400 && mock.status < 400
  const isDeclared = responseFor(operation.responses, status) !== undefined
  const isUnanswerable =
    (status < 500 && request.isMadeUp && isDeclared) || (status === 404 && request.hasMadeUpPath)
  if (isRefused && (isUnanswerable || (status === 503 && isDeclared))) {
    const broken = isDeclared ? judgeAnswer(comparing, real) : []
    if (broken.length > 0) return differs(comparing, broken)
    const advice = status === 503 ? '' : ' to what was made up: say in “given” what it needs'
    return notTried(operation, `the service answered ${status}${advice}`)
  }
  return differs(comparing, compareAnswers(comparing, real, mock))
}

export function notTried(operation: Comparing['operation'], reason: string): OperationFidelity {
  const { id, method, path } = operation
  return { operation: id, method, path, result: 'not tried', reason: reason.slice(0, 300), findings: [] }
}

function differs({ operation }: Comparing, findings: FidelityFinding[]): OperationFidelity {
  const { id, method, path } = operation
  const result = findings.length === 0 ? 'faithful' : 'differs'
  return { operation: id, method, path, result, reason: null, findings }
}
