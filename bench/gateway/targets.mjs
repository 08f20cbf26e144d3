// Who is measured: each engine of ours, and the peers.
import { execFileSync } from 'node:child_process'
import { openSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engines } from '../../packages/rockpool/src/gateway/index.ts'
import { gatewayFlags } from '../../packages/rockpool/src/roles/gateway-flags.ts'
import { startHaproxy, startNginx } from './debian-peers.mjs'
import { startPinned } from './processes.mjs'

/**
 * @typedef {{ key: string, cert: string, both: string }} Certificate files; `both`: certificate and key in one
 * @typedef {{ core: number, folder: string, upstream: number, controlUrl: string, tls: Certificate, fromSources: boolean }} World
 * `upstream`: a port; `folder`: for what a target writes; `fromSources`: ours runs as it is written, not as it is published
 * @typedef {object} Target
 * @property {string} name
 * @property {boolean} ours
 * @property {number} pid CPU and memory count for it and all processes below it
 * @property {number} port
 * @property {number | undefined} tlsPort undefined: it has no TLS
 * @property {() => Promise<void>} stop
 * @property {() => void} [emptyLog] a minute's log is a gigabyte
 * @property {(file: string) => Promise<() => Promise<void>>} [profile] begins to sample; ends and writes the profile
 */

/** The engine whose figures have the plain names: what users get. */
export const mainEngine = 'splice' in engines ? 'splice' : 'node'

const scriptOf = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`${name}-process.mjs`, import.meta.url))

/** @type {Record<string, { peer: string, start: (world: World) => Promise<Pick<Target, 'pid' | 'port' | 'tlsPort' | 'stop'>> }>} */
const peers = {
  nginx: { peer: 'nginx', start: startNginx },
  haproxy: { peer: 'haproxy', start: startHaproxy },
  bare: { peer: 'splice, no duties', start: (world) => startNodePeer('bare', world) },
  relay: { peer: 'node:net, bytes alone', start: (world) => startNodePeer('relay', world) },
  undici: { peer: 'node:http+undici', start: (world) => startNodePeer('undici', world) },
  'reply-from': { peer: '@fastify/reply-from', start: (world) => startNodePeer('reply-from', world) },
  'http-proxy': { peer: 'http-proxy', start: (world) => startNodePeer('http-proxy', world) },
}

/** What `--only` may name. */
export const targetNames = [...Object.keys(engines), ...Object.keys(peers)]

/** @param {string} name of targetNames @param {World} world @returns {Promise<Target>} when it serves */
export async function startTarget(name, world) {
  const peer = peers[name]
  if (!peer) return startOurs(name, world)
  return { ...(await peer.start(world)), name: peer.peer, ours: false }
}

/**
 * A port of ours speaks TLS or does not: this is another gateway, of another name, for each of the two.
 * @param {string} engine @param {World} world @param {{ encrypted?: boolean }} [kind] @returns {Promise<Target>}
 */
export async function startOurs(engine, world, { encrypted = false } = {}) {
  const { core, folder, controlUrl, tls, fromSources } = world
  const name = encrypted ? `${engine}-tls` : engine
  const log = join(folder, `access-${name}.log`)
  const options = JSON.stringify({
    name,
    engine,
    controlUrl,
    folder: join(folder, name),
    fromSources,
    ...(encrypted && { tls: { cert: tls.cert, key: tls.key } }),
  })
  // As `rockpool up` starts it. The packages resolve to their sources only where NODE_OPTIONS says so.
  const flags = gatewayFlags({ workers: 1, cores: 1 })
  const { NODE_OPTIONS, ...env } = process.env
  const gateway = startPinned(core, process.execPath, [...flags, scriptOf('ours'), options], {
    stdout: openSync(log, 'a'),
    env: fromSources ? { ...env, NODE_OPTIONS } : env,
  })
  const { child, ended, pid, stop } = gateway
  const tell = (/** @type {string | true} */ profile) =>
    new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
      child.once('message', () => resolve())
      void ended.then((said) => reject(new Error(`${engine} ended:\n${said}`)))
      child.send({ profile })
    })
  const { port } = await gateway.told
  return {
    port,
    tlsPort: encrypted ? port : undefined,
    name: engine,
    ours: true,
    pid,
    stop,
    emptyLog() {
      if (statSync(log).size === 0) throw new Error(`${engine} wrote no access log`)
      truncateSync(log)
    },
    async profile(file) {
      await tell(true)
      return async () => tell(file).then(() => {})
    },
  }
}

/** @param {string} name @param {World} world */
async function startNodePeer(name, { core, upstream, tls }) {
  const options = JSON.stringify({ origin: `http://127.0.0.1:${upstream}`, key: tls.key, cert: tls.cert })
  const peer = startPinned(core, process.execPath, [scriptOf('peer'), name, options], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  })
  return { ...(await peer.told), pid: peer.pid, stop: peer.stop }
}

/** One that nobody else trusts. @param {string} folder @returns {Certificate} */
export function makeCertificate(folder) {
  const [key, cert, both] = ['key.pem', 'cert.pem', 'both.pem'].map((name) => join(folder, name))
  if (!key || !cert || !both) throw new Error('unreachable')
  const what = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
  execFileSync('openssl', ['req', '-x509', ...what, ...subject, '-keyout', key, '-out', cert], {
    stdio: 'pipe',
  })
  writeFileSync(both, `${readFileSync(cert, 'utf8')}${readFileSync(key, 'utf8')}`, { mode: 0o600 })
  return { key, cert, both }
}
