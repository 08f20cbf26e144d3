// The bank: a company of its own, outside the shop, that knows nothing of Rockpool. It keeps cards, charges and
// refunds them, and counts every call, so that a charge that should never have left the shop is visible here.
//
//   POST /cards    { number }                      → 201 { token }
//   POST /charges  { card, amount, currency, … }   → 201 { id }   402 when the card is declined
//   POST /refunds  { charge, amount, … }           → 201 { id }
//   GET  /statistics
//
// With an Idempotency-Key, a repeated POST gets the first answer again and moves no money. With BANK_DATA (a folder)
// its books survive a restart; without, they live in memory. BANK_CARDS: tokens of the cards that it gave to companies.
import { createServer } from 'node:http'
import { createLedger } from './ledger.mjs'

const ledger = createLedger(process.env.BANK_DATA, process.env.BANK_CARDS?.split(','))
const routes = {
  'GET /health': () => [200, { status: 'ok' }],
  'GET /statistics': () => [200, ledger.statistics()],
  'POST /cards': (body) => ledger.saveCard(body),
  'POST /charges': (body, key) => ledger.charge(body, key),
  'POST /refunds': (body, key) => ledger.refund(body, key),
}

const server = createServer((request, response) => void respond(request, response))

async function respond(request, response) {
  const [status, body] = await answer(request).catch((error) => [
    400,
    { error: 'bad_request', detail: error.message },
  ])
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function answer(request) {
  const { pathname } = new URL(request.url, 'http://bank')
  const route = routes[`${request.method} ${pathname}`]
  if (!route) return [404, { error: 'not_found' }]
  const body = request.method === 'POST' ? await readJson(request) : {}
  return route(body, request.headers['idempotency-key'])
}

async function readJson(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > 64_000) throw new Error('the body is longer than 64 kB')
  }
  const body = JSON.parse(text)
  if (body === null || typeof body !== 'object' || Array.isArray(body))
    throw new Error('the body is no JSON object')
  return body
}

server.listen(Number(process.env.PORT ?? 8090), process.env.HOST ?? '127.0.0.1', () => {
  const { address, port } = server.address()
  console.log(JSON.stringify({ msg: `the bank listens on http://${address}:${port}` }))
})
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close(() => process.exit(0)))
