// Our engine `splice` with duties that do nothing but say where to: what it costs to read HTTP strictly and to write it anew.
// What the whole gateway costs beyond that is the duties.
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** @typedef {typeof import('../../../packages/rockpool/src/gateway/engines/splice/index.ts')} Splice */
/** @typedef {typeof import('../../../packages/rockpool/src/gateway/header-fields.ts')} Fields */

const dist = '../../../packages/rockpool/dist/gateway'
const { createSpliceEngine } = /** @type {Splice} */ (await import(`${dist}/engines/splice/index.js`))
const { fieldsOf } = /** @type {Fields} */ (await import(`${dist}/header-fields.js`))

/** What stays on its connection (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'host',
])

/** @param {readonly string[]} list names and values in turns */
function passed(list) {
  const left = []
  for (let index = 0; index < list.length; index += 2) {
    const [name = '', value = ''] = list.slice(index, index + 2)
    if (!hopByHop.has(name.toLowerCase())) left.push(name, value)
  }
  return left
}

const refusal = { status: 502, headers: ['Content-Length', '0'], body: '' }

/** @param {import('../peer-process.mjs').PeerOptions} options */
export function createPeer({ origin, certificate }) {
  const engine = createSpliceEngine({
    open: ({ method, target, headers }) => ({
      plan: { forward: { origin, method, target, headers: fieldsOf(passed(headers)), deadlineMs: 30_000 } },
      answered: (_, fields) => fieldsOf(passed(fields.list)),
      take: null,
      trailers: (list) => [...list],
      failed: () => refusal,
      ended() {},
    }),
    malformed: () => ({ ...refusal, status: 400 }),
  })
  /** @param {import('node:net').Socket} socket */
  const serve = (socket) => engine.serve(socket)
  return [createServer({ noDelay: true }, serve), createTlsServer({ ...certificate, noDelay: true }, serve)]
}
