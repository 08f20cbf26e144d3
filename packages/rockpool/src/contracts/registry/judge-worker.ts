import { parentPort } from 'node:worker_threads'
import { readBundle } from '../bundle.ts'
import type { Bundle } from '../bundle.ts'
import { differencesOf, noPolicy } from '../differences/index.ts'
import type { Contract } from '../types.ts'
import type { Answer, Question } from './judge.ts'

// The thread that reads contracts and compares them: what is large keeps nobody else waiting.

const port = parentPort!
let contract: Contract | undefined

port.on('message', (question: Question) => port.postMessage(answerTo(question)))

function answerTo(question: Question): Answer {
  const reading = readBundle(JSON.parse(question.bundle) as Bundle)
  if (!reading.ok) return { ok: false, findings: reading.findings.slice(0, 200) }
  if (question.ask === 'compare')
    return {
      ok: true,
      differences: differencesOf(reading.contract, contract!, { ...noPolicy, today: question.today }),
    }
  contract = reading.contract
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
