import { describe, expect, test } from 'vitest'
import { engineTo } from '../../../test/support/engine.ts'
import { rawClient, recordingUpstream } from '../../../test/support/raw-http.ts'
import { fieldsOf } from '../header-fields.ts'
import type { Exchange } from './engine.ts'
import { engines, type EngineName } from './index.ts'

// RFC 9110 5.5: bytes above 127 in a field are opaque, and go on as they came.

const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

describe.each(Object.keys(engines) as EngineName[])(
  'engine %s: bytes above 127 in an answer’s header',
  (name) => {
    test.each(['as it comes', 'beside a body that is made anew'])('%s', async (how) => {
      const { url } = await recordingUpstream({
        answer: () => 'HTTP/1.1 200 OK\r\nX-A: caf\xe9\r\nContent-Length: 2\r\n\r\nab',
      })
      const { port } = await engineTo(engines[name], {
        url,
        open: (exchange) => (how === 'as it comes' ? exchange : remade(exchange)),
      })
      const client = await rawClient(port)
      client.send(request)
      await client.answered(1)
      expect(client.bytes()).toContain('X-A: caf\xe9\r\n')
      expect(client.bytes()).toContain(how === 'as it comes' ? '\r\n\r\nab' : '\r\n\r\n\xc3\xa9')
    })
  },
)

/** As an envelope does: the service's headers, and a text of ours. */
function remade(exchange: Exchange): Exchange {
  const made: Exchange = {
    ...exchange,
    answered(status, { list }) {
      const headers = list.filter((_, index) => !/^content-length$/i.test(list[index - (index % 2)]!))
      const whole = () => ({ status, headers: [...headers, 'Content-Length', '2'], body: 'é' })
      made.reshape = { maxBytes: 100, whole }
      return fieldsOf(headers)
    },
  }
  return made
}
