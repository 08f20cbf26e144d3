// One piece of work on contracts in a process of its own, as a command would do it. Arguments: what, files. Prints one line of JSON.
import { readFileSync } from 'node:fs'

/** @typedef {typeof import('../../packages/rockpool/src/contracts/index.ts')} Contracts */

const began = performance.now()
const { readContract, differencesOf } = /** @type {Contracts} */ (
  await import(new URL('../../packages/rockpool/dist/contracts/index.js', import.meta.url).href)
)
const loadedS = (performance.now() - began) / 1000

/** @param {string} file */
function read(file) {
  const reading = readContract(readFileSync(file, 'utf8'), { file })
  if (!reading.ok) throw new Error(`${file}: ${reading.findings[0]?.message}`)
  return reading.contract
}

/** An order of 1 KB as JSON, and a contract that speaks of all of it. */
function orderOf1k() {
  const line = {
    sku: 'compass-brass-0042',
    quantity: 2,
    price: 4900,
    gift: false,
    note: 'wrap it in blue paper',
  }
  const order = { number: 'o-1', email: 'mia@harbor.example', lines: Array.from({ length: 10 }, () => line) }
  const text = { type: 'string', minLength: 1, maxLength: 200 }
  const whole = { type: 'integer', minimum: 1 }
  const Line = {
    type: 'object',
    required: ['sku', 'quantity', 'price'],
    properties: { sku: text, quantity: whole, price: whole, gift: { type: 'boolean' }, note: text },
  }
  const Order = {
    type: 'object',
    required: ['number', 'email', 'lines'],
    properties: {
      number: text,
      email: { type: 'string', format: 'email' },
      lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
    },
  }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } }
  const post = { requestBody: { required: true, content }, responses: { 200: { description: '' } } }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    paths: { '/orders': { post } },
    components: { schemas: { Line, Order } },
  }
  return { document: JSON.stringify(document), body: Buffer.from(JSON.stringify(order)) }
}

/** Loaded by itself, as a gateway does. */
async function judgeOf(/** @type {string} */ document) {
  const dist = (/** @type {string} */ path) =>
    new URL(`../../packages/rockpool/dist/${path}`, import.meta.url).href
  /** @type {typeof import('../../packages/rockpool/src/contracts/light.ts')} */
  const { loadJudging } = await import(dist('contracts/light.js'))
  /** @type {typeof import('../../packages/rockpool/src/gateway/judging/judge.ts')} */
  const { createJudge } = await import(dist('gateway/judging/judge.js'))
  const judging = await loadJudging()
  const reading = judging.readContract(document, { file: 'orders.json' })
  if (!reading.ok) throw new Error(reading.findings[0]?.message)
  return createJudge(reading.contract, judging)
}

const order = orderOf1k()
const judge = process.argv[2] === 'judge' ? await judgeOf(order.document) : undefined
const rounds = 20_000

/** @type {Record<string, (files: string[]) => { seconds: number, found: number }>} */
const works = {
  import(files) {
    const start = performance.now()
    const { operations } = read(files[0] ?? '')
    return { seconds: (performance.now() - start) / 1000, found: operations.length }
  },
  judge() {
    const validation = { requests: /** @type {const} */ ('refuse'), responses: 0, coerce: false }
    const route = { method: 'POST', path: '/orders', operationId: 'order', anonymous: false, validation }
    const head = { target: '/orders', headers: ['Content-Type', 'application/json'] }
    const call = { route, head, parameters: {}, body: order.body }
    let found = 0
    const all = () => {
      for (let round = 0; round < rounds; round++) found += judge?.judge(call).findings.length ?? 1
    }
    all()
    const start = performance.now()
    all()
    return { seconds: (performance.now() - start) / 1000 / rounds, found }
  },
  diff(files) {
    const [before, after] = files.map(read)
    if (!before || !after) throw new Error('two files')
    const start = performance.now()
    const differences = differencesOf(before, after)
    return { seconds: (performance.now() - start) / 1000, found: differences.length }
  },
}

const [, , what = '', ...files] = process.argv
const work = works[what]
if (!work) throw new Error(`there is no work ${what}`)
const result = work(files)
// The most that was in memory at once, in kilobytes of 1024 bytes (getrusage(2)).
const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log(JSON.stringify({ ...result, loadedS, peakMb }))
