import type { EngineName } from '../../src/gateway/index.ts'

// Messages of llhttp's tests where a gateway and llhttp differ: title → why. A test holds that none is missing here, and
// that none is here without need.

const tunnel = 'this is no proxy for tunnels: CONNECT is refused'
const method = 'a method that no contract can name is not routed'
const protocol = 'another protocol is no HTTP'
const coding = 'chunked is the only transfer coding that is understood'
const upgrade = 'this handshake of a draft has no Sec-WebSocket-Key (RFC 6455 4.2.1)'

type Differences = Partial<Record<EngineName | 'all', Record<string, string>>>

/** llhttp accepts, and a gateway refuses. `all`: every engine does. */
export const stricter: Differences = {
  all: {
    'request/method: REPORT request': method,
    'request/method: M-SEARCH request': method,
    'request/method: PURGE request': method,
    'request/method: SEARCH request': method,
    'request/method: LINK request': method,
    'request/method: LINK request (2)': method,
    'request/method: SOURCE request': method,
    'request/method: QUERY request': method,
    'request/method: SOURCE request with ICE': protocol,
    'request/method: ANNOUNCE request with RTSP': protocol,
    'request/method: CONNECT request': tunnel,
    'request/method: CONNECT request with CAPS': tunnel,
    'request/method: CONNECT with body': tunnel,
    'request/uri: Underscore in hostname': tunnel,
    'request/uri: `host:port` and basic auth': tunnel,
    'request/uri: `host:port` terminated by a space': tunnel,
    'request/uri: Host terminated by a query string':
      'absolute-form is for proxies: the target must be a path',
    'request/uri: `host:port` terminated by a query string':
      'absolute-form is for proxies: the target must be a path',
    'request/uri: Fragment in URI': 'a fragment never leaves a client (RFC 9110 4.1)',
    'request/uri: Quotes in URI': 'quotes in a path must be percent-encoded (RFC 3986 2)',
    'request/connection: Multiple tokens with folding and LWS': upgrade,
    'request/connection: Upgrade GET request': upgrade,
    'request/transfer-encoding: POST with `chunked` as last transfer-encoding': coding,
    'request/transfer-encoding: POST with `chunked` as last transfer-encoding (multiple headers)': coding,
    'response/connection: HTTP 100 first, then 400': 'an empty line stands between two heads of answers',
    'response/connection: HTTP 101 response with Upgrade and Content-Length header': 'nobody asked for it',
    'response/connection: HTTP 101 response with Upgrade and Transfer-Encoding header': 'nobody asked for it',
  },
  splice: {
    'request/method: OPTIONS request with RTSP': protocol,
    'request/sample: No HTTP version': 'HTTP/0.9 has no Host, and nobody speaks it',
    'response/sample: HTTP version 0.9': 'HTTP/0.9 has no status line',
    'response/sample: ICE response': protocol,
    'response/sample: RTSP response': protocol,
    'response/sample: Response starting with CRLF': 'an answer begins with its status line (RFC 9112 4)',
    'response/transfer-encoding: `chunked` before other transfer-encoding': coding,
    'response/transfer-encoding: multiple transfer-encoding where chunked is not the last one': coding,
    'response/transfer-encoding: `chunkedchunked` transfer-encoding does not enable chunked enconding':
      coding,
  },
}

/** llhttp refuses, and an engine does not. */
export const looser: Differences = {
  node: {
    'response/invalid: Bare CR followed by CR after response line':
      'the llhttp within undici is an older one; what goes on is written anew',
  },
}
