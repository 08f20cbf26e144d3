// nginx and haproxy as bare proxies: one worker, keep-alive on both sides, no log; as little as they can do.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, startPinned, untilListening } from './processes.mjs'

/** @typedef {import('./targets.mjs').World} World */

/** @param {World} world */
export async function startNginx({ core, folder, upstream, tls }) {
  const [port, tlsPort] = [await freePort(), await freePort()]
  const file = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(
    file,
    `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 16384; }
http {
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
${temporary.map((name) => `  ${name}_temp_path ${folder}/nginx-${name};`).join('\n')}
  # An answer of 64 KB fits into memory.
  proxy_buffers 16 8k;
  upstream service { server 127.0.0.1:${upstream}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${tlsPort} ssl;
    ssl_certificate ${tls.cert};
    ssl_certificate_key ${tls.key};
    ssl_protocols TLSv1.3;
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`,
  )
  const process = startPinned(core, 'nginx', ['-c', file, '-e', 'stderr'])
  await untilListening(port, process.ended)
  return { ...process, port, tlsPort }
}

/** @param {World} world */
export async function startHaproxy({ core, folder, upstream, tls }) {
  const [port, tlsPort] = [await freePort(), await freePort()]
  const file = join(folder, 'haproxy.cfg')
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 4096
  ssl-default-bind-options ssl-min-ver TLSv1.3
defaults
  mode http
  option http-keep-alive
  http-reuse always
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend clients
  bind 127.0.0.1:${port}
  bind 127.0.0.1:${tlsPort} ssl crt ${tls.both}
  default_backend service
backend service
  server service 127.0.0.1:${upstream}
`,
  )
  const process = startPinned(core, 'haproxy', ['-db', '-q', '-f', file])
  await untilListening(port, process.ended)
  return { ...process, port, tlsPort }
}
