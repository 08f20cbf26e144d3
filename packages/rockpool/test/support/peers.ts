import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../src/kernel/index.ts'
import { until } from './gateway.ts'

// Other people's proxies, from Debian, in front of the same upstream as ours. As few additions as possible.

/** Why tests against them are skipped here; undefined where both are. */
export const peersMissing = ['nginx', 'haproxy'].some((name) => spawnSync(name, ['-v']).error !== undefined)
  ? 'there is no nginx or no haproxy: npm run setup'
  : undefined

export interface Peer {
  port: number
  stop(): Promise<void>
}

/** What clients speak to a peer; HTTP/2 by prior knowledge (RFC 9113 3.3), and nothing else then. */
export type PeerProtocol = 'HTTP/1.1' | 'HTTP/2'

export function startNginx(upstreamPort: number, protocol: PeerProtocol): Promise<Peer> {
  return startPeer('nginx', 'nginx.conf', (port, folder) => [
    `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 512; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  underscores_in_headers on;
  ignore_invalid_headers off;
  merge_slashes off;
  client_max_body_size 0;
  large_client_header_buffers 4 32k;
  server {
    listen 127.0.0.1:${port}${protocol === 'HTTP/2' ? ' http2' : ''};
    location / {
      proxy_pass http://127.0.0.1:${upstreamPort};
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_set_header Host $http_host;
      proxy_set_header Connection "";
    }
  }
}
`,
    ['-e', `${folder}/error.log`, '-c', join(folder, 'nginx.conf')],
  ])
}

export function startHaproxy(upstreamPort: number, protocol: PeerProtocol): Promise<Peer> {
  return startPeer('haproxy', 'haproxy.cfg', (port, folder) => [
    `global
  nbthread 1
  maxconn 512
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend clients
  bind 127.0.0.1:${port}${protocol === 'HTTP/2' ? ' proto h2' : ''}
  default_backend service
backend service
  server service 127.0.0.1:${upstreamPort}
`,
    ['-db', '-q', '-f', join(folder, 'haproxy.cfg')],
  ])
}

async function startPeer(
  program: string,
  file: string,
  configure: (port: number, folder: string) => [configuration: string, args: string[]],
): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), `rockpool-${program}-`))
  const { port } = await freePort()
  const [configuration, args] = configure(port, folder)
  writeFileSync(join(folder, file), configuration)
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  await until(`${program} listens`, () => {
    if (child.exitCode !== null) throw new Error(`${program} did not start: ${said}`)
    return isListening(port)
  })
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
