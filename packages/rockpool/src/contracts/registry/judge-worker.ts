import { parentPort } from 'node:worker_threads'
import { readBundle } from '../bundle.ts'
import type { Bundle } from '../bundle.ts'
import { differencesOf, noPolicy } from '../differences/index.ts'
import { driftOf } from '../traffic/index.ts'
import type { Contract } from '../types.ts'
import { comparisonOf } from './comparison.ts'
import type { Answer, Question } from './judge.ts'
import type { OperationOutline } from './types.ts'

// The thread that reads contracts and compares them: what is large keeps nobody else waiting.

const port = parentPort!
let contract: Contract | undefined
/** That it was read of. */
let read: Bundle | undefined

port.on('message', (question: Question) => port.postMessage(answerTo(question)))

function answerTo(question: Question): Answer {
  if (question.ask === 'drift') return { ok: true, drift: driftOf(contract!, question.usage) }
  if (question.ask === 'outline') return { ok: true, outline: outlineOf(contract!) }
  const bundle = JSON.parse(question.bundle) as Bundle
  const reading = readBundle(bundle)
  if (!reading.ok) return { ok: false, findings: reading.findings.slice(0, 200) }
  if (question.ask !== 'read') {
    const policy = { ...noPolicy, today: question.today }
    const differences = differencesOf(reading.contract, contract!, policy)
    if (question.ask === 'compare') return { ok: true, differences }
    return { ok: true, comparison: comparisonOf(differences, { before: bundle, after: read! }) }
  }
  contract = reading.contract
  read = bundle
  const { title, version, operations, schemas } = contract
  return {
    ok: true,
    facts: {
      title: title.slice(0, 500),
      infoVersion: version.slice(0, 200),
      format: reading.format,
      operations: operations.length,
      schemas: schemas.size,
    },
  }
}

function outlineOf({ operations, security: usual }: Contract): OperationOutline[] {
  return operations.map(({ id, isNamed, method, path, security }) => ({
    id,
    isNamed,
    method,
    path,
    security: security ?? usual,
  }))
}
