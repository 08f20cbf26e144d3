import {
  data,
  errors,
  fields,
  flags,
  frame,
  headers,
  hex,
  number32,
  ping,
  preface,
  priority,
  setting,
  settings,
  types,
  zeros,
} from './http2-frames.ts'
import {
  connectionError,
  streamError,
  type CallFields,
  type Http2Case,
  type Reactions,
} from './http2-play.ts'

// What a server has to do with frames that are out of order, by the sections of RFC 9113 and RFC 7541. The cases cover what
// h2spec covers (github.com/summerwind/h2spec, its list of cases), and what of RFC 9113 it does not.

const { protocol, flowControl, frameSize, compression, cancel } = errors
const { endStream, endHeaders, padded } = flags
const most = 2 ** 31 - 1

/** Frames that are wrong whatever becomes of the call. */
export function frameErrors({ get, post }: CallFields): Http2Case[] {
  const open = headers(1, post, 0)
  /** HEADERS that CONTINUATION is to follow. */
  const begun = frame(types.headers, endStream, 1, fields(get))
  const rest = (flag: number, stream = 1) => frame(types.continuation, flag, stream, fields(['x', 'y']))
  const block = fields(get)
  const of = (name: string, right: Reactions, ...steps: Buffer[]): Http2Case => ({ name, right, steps })
  const inOne = (...parts: Buffer[]) => Buffer.concat(parts)
  return [
    {
      ...of(
        '3.4 a preface that is none',
        connectionError(protocol),
        Buffer.from('INVALID CONNECTION PREFACE\r\n\r\n'),
      ),
      bare: true,
    },
    {
      ...of('3.4 a preface without SETTINGS', connectionError(protocol), inOne(Buffer.from(preface), ping)),
      bare: true,
    },
    of('4.2 DATA of more than 16,384', streamError(frameSize), open, data(endStream, zeros(16_385))),
    of(
      '4.2 HEADERS of more than 16,384',
      connectionError(frameSize),
      headers(1, [...get, 'x', 'y'.repeat(16_384)]),
    ),
    of(
      '4.2 CONTINUATION of more than 16,384',
      connectionError(frameSize),
      inOne(begun, frame(types.continuation, endHeaders, 1, fields(['x', 'y'.repeat(16_384)]))),
    ),
    of(
      '4.2 an unknown type of more than 16,384',
      connectionError(frameSize),
      frame(0x77, 0, 0, zeros(16_385)),
    ),
    of(
      '4.2 DATA too small for its padding’s length',
      streamError(frameSize, protocol),
      open,
      frame(types.data, padded, 1),
    ),
    of(
      '4.2 HEADERS too small for its padding’s length',
      connectionError(frameSize, protocol),
      frame(types.headers, padded | endHeaders, 1),
    ),
    of(
      '4.2 HEADERS too small for their priority',
      connectionError(frameSize, protocol),
      frame(types.headers, flags.priority | endHeaders, 1, zeros(4)),
    ),
    of(
      '4.3 a block that is none',
      connectionError(compression),
      frame(types.headers, endStream | endHeaders, 1, Buffer.alloc(6, 0xff)),
    ),
    of(
      '4.3 a block that ends in the middle of a field',
      connectionError(compression),
      frame(types.headers, endStream | endHeaders, 1, block.subarray(0, -3)),
    ),
    of(
      '4.3 trailers that cannot be decompressed',
      connectionError(compression),
      open,
      frame(types.headers, endStream | endHeaders, 1, hex('80')),
    ),
    of(
      '4.3 PRIORITY within a block',
      connectionError(protocol),
      inOne(begun, priority(1, 0), rest(endHeaders)),
    ),
    of(
      '4.3 HEADERS of another stream within a block',
      connectionError(protocol),
      inOne(begun, headers(3, get)),
    ),
    of('4.3 DATA within a block', connectionError(protocol), inOne(begun, data(endStream, 'x'))),
    of('5.1 DATA on an idle stream', connectionError(protocol), data(endStream, 'x')),
    of(
      '5.1 RST_STREAM on an idle stream',
      connectionError(protocol),
      frame(types.reset, 0, 1, number32(cancel)),
    ),
    of(
      '5.1 WINDOW_UPDATE on an idle stream',
      connectionError(protocol),
      frame(types.window, 0, 1, number32(100)),
    ),
    of('5.1 CONTINUATION on an idle stream', connectionError(protocol), rest(endHeaders)),
    of('5.1.1 a stream that is the server’s', connectionError(protocol), headers(2, get)),
    of(
      '5.5 an unknown type within a block',
      connectionError(protocol),
      inOne(begun, frame(0x77, 0, 0, zeros(8)), rest(endHeaders)),
    ),
    of('6.1 DATA on stream 0', connectionError(protocol), frame(types.data, endStream, 0, Buffer.from('x'))),
    of(
      '6.1 padding as long as its frame',
      connectionError(protocol),
      open,
      data(padded | endStream, hex('06'), 'test', zeros(1)),
    ),
    of('6.2 HEADERS on stream 0', connectionError(protocol), headers(0, get)),
    of(
      '6.2 padding longer than its frame',
      connectionError(protocol),
      frame(types.headers, padded | endHeaders | endStream, 1, inOne(Buffer.from([block.length + 1]), block)),
    ),
    of('6.3 PRIORITY on stream 0', connectionError(protocol), priority(0, 1)),
    of('6.3 PRIORITY of a wrong size', streamError(frameSize), open, frame(types.priority, 0, 1, zeros(4))),
    of('6.4 RST_STREAM on stream 0', connectionError(protocol), frame(types.reset, 0, 0, number32(cancel))),
    of(
      '6.4 RST_STREAM of a wrong size',
      connectionError(frameSize),
      open,
      frame(types.reset, 0, 1, zeros(3)),
    ),
    of(
      '6.5 an acknowledgement with settings',
      connectionError(frameSize),
      frame(types.settings, flags.ack, 0, setting(3, 100)),
    ),
    of('6.5 SETTINGS on a stream', connectionError(protocol), frame(types.settings, 0, 1, setting(3, 100))),
    of('6.5 SETTINGS of a wrong size', connectionError(frameSize), frame(types.settings, 0, 0, zeros(3))),
    of('6.5.2 ENABLE_PUSH of 2', connectionError(protocol), settings([2, 2])),
    of('6.5.2 INITIAL_WINDOW_SIZE of 2^31', connectionError(flowControl), settings([4, 2 ** 31])),
    of('6.5.2 MAX_FRAME_SIZE of 16,383', connectionError(protocol), settings([5, 16_383])),
    of('6.5.2 MAX_FRAME_SIZE of 2^24', connectionError(protocol), settings([5, 2 ** 24])),
    of(
      '6.6, 8.4 PUSH_PROMISE',
      connectionError(protocol),
      open,
      frame(types.push, endHeaders, 1, inOne(number32(2), block)),
    ),
    of('6.7 PING on a stream', connectionError(protocol), frame(types.ping, 0, 1, zeros(8))),
    of('6.7 PING of a wrong size', connectionError(frameSize), frame(types.ping, 0, 0, zeros(6))),
    of('6.8 GOAWAY on a stream', connectionError(protocol), frame(types.goaway, 0, 1, zeros(8))),
    of('6.8 GOAWAY of a wrong size', connectionError(frameSize), frame(types.goaway, 0, 0, zeros(4))),
    of('6.9 WINDOW_UPDATE by 0', connectionError(protocol), frame(types.window, 0, 0, number32(0))),
    of(
      '6.9 WINDOW_UPDATE of a stream by 0',
      streamError(protocol),
      open,
      frame(types.window, 0, 1, number32(0)),
    ),
    of('6.9 WINDOW_UPDATE of a wrong size', connectionError(frameSize), frame(types.window, 0, 0, zeros(3))),
    of(
      '6.9.1 a window beyond its limit',
      connectionError(flowControl),
      frame(types.window, 0, 0, number32(most)),
      frame(types.window, 0, 0, number32(most)),
    ),
    of(
      '6.9.1 a stream’s window beyond its limit',
      streamError(flowControl),
      open,
      frame(types.window, 0, 1, number32(most)),
      frame(types.window, 0, 1, number32(most)),
    ),
    of(
      '6.10 CONTINUATION, and PING before its end',
      connectionError(protocol),
      inOne(begun, rest(0), ping, rest(endHeaders)),
    ),
    of('6.10 CONTINUATION on stream 0', connectionError(protocol), inOne(begun, rest(endHeaders, 0))),
    of('6.10 CONTINUATION of another stream', connectionError(protocol), inOne(begun, rest(endHeaders, 3))),
    of('6.10 CONTINUATION after whole HEADERS', connectionError(protocol), inOne(open, rest(endHeaders))),
    of(
      '6.10 CONTINUATION after a whole CONTINUATION',
      connectionError(protocol),
      inOne(frame(types.headers, 0, 1, fields(post)), rest(endHeaders), rest(endHeaders)),
    ),
    of(
      '6.10 CONTINUATION after DATA',
      connectionError(protocol),
      open,
      inOne(data(0, 'x'), rest(endHeaders)),
    ),
    of('8.1 trailers that end nothing', streamError(protocol), open, headers(1, ['x', 'y'], 0)),
    of('8.1 a pseudo-header in trailers', streamError(protocol), open, headers(1, [':method', 'GET'])),
    of(
      '8.1.1 another length than what comes',
      streamError(protocol),
      headers(1, [...post, 'content-length', '1'], 0),
      data(endStream, 'test'),
    ),
    of(
      '8.1.1 another length than what comes in two',
      streamError(protocol),
      headers(1, [...post, 'content-length', '1'], 0),
      data(0, 'test'),
      data(endStream, 'test'),
    ),
    of(
      '8.1.1 a longer length than what comes',
      streamError(protocol),
      headers(1, [...post, 'content-length', '5'], 0),
      data(endStream, 'test'),
    ),
  ]
}
