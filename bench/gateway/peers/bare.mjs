// Our engine `splice` with duties that do nothing but say where to: what it costs to read HTTP strictly and to write it anew.
// What the whole gateway costs beyond that is the duties.
import { createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { hopByHop } from './hop-by-hop.mjs'

/** @typedef {typeof import('../../../packages/rockpool/src/gateway/engines/splice/index.ts')} Splice */
/** @typedef {typeof import('../../../packages/rockpool/src/gateway/header-fields.ts')} Fields */
/** @typedef {typeof import('../../../packages/rockpool/src/gateway/header-list.ts')} List */

const dist = '../../../packages/rockpool/dist/gateway'
const { createSpliceEngine } = /** @type {Splice} */ (await import(`${dist}/engines/splice/index.js`))
const { fieldsOf } = /** @type {Fields} */ (await import(`${dist}/header-fields.js`))
const { withoutHeaders } = /** @type {List} */ (await import(`${dist}/header-list.js`))

/** @param {readonly string[]} list names and values in turns */
const passed = (list) => fieldsOf(withoutHeaders(list, (name) => name === 'host' || hopByHop.has(name)))

const refusal = { status: 502, headers: ['Content-Length', '0'], body: '' }

/** @param {import('../peer-process.mjs').PeerOptions} options */
export function createPeer({ origin, certificate }) {
  const engine = createSpliceEngine({
    open: ({ method, target, headers }) => ({
      plan: { forward: { origin, method, target, headers: passed(headers), deadlineMs: 30_000 } },
      answered: (_, fields) => passed(fields.list),
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
