import {
  data,
  errors,
  fields,
  flags,
  frame,
  headers,
  hex,
  number32,
  priority,
  settings,
  types,
  zeros,
} from './http2-frames.ts'
import {
  connectionError,
  passedOver,
  served,
  streamError,
  type CallFields,
  type Http2Case,
  type Reactions,
} from './http2-play.ts'

const { protocol, flowControl, streamClosed, cancel } = errors
const { endStream, endHeaders, padded } = flags
const most = 2 ** 31 - 1

/** Frames on a stream that is not open for them any more, while its call is under way. */
export function stateErrors({ get, post }: CallFields): Http2Case[] {
  const ended = headers(1, get)
  const reset = [headers(1, post, 0), frame(types.reset, 0, 1, number32(cancel))]
  const trailers = headers(1, ['x', 'y'])
  const rest = frame(types.continuation, endHeaders, 1, fields(['x', 'y']))
  const of = (name: string, right: Reactions, ...steps: Buffer[]): Http2Case => ({ name, right, steps })
  return [
    of('5.1 half-closed (remote): DATA', streamError(streamClosed), ended, data(endStream, 'x')),
    of('5.1 half-closed (remote): HEADERS', streamError(streamClosed), ended, trailers),
    of('5.1 half-closed (remote): CONTINUATION', connectionError(streamClosed, protocol), ended, rest),
    of('5.1 half-closed (remote): WINDOW_UPDATE', passedOver, ended, frame(types.window, 0, 1, number32(1))),
    of('5.1 half-closed (remote): PRIORITY', passedOver, ended, priority(1, 0)),
    of('5.1 half-closed (remote): RST_STREAM', passedOver, ended, frame(types.reset, 0, 1, number32(cancel))),
    of('5.1 closed by RST_STREAM: DATA', streamError(streamClosed), ...reset, data(endStream, 'x')),
    of('5.1 closed by RST_STREAM: HEADERS', streamError(streamClosed), ...reset, trailers),
    of('5.1 closed by RST_STREAM: CONTINUATION', connectionError(streamClosed, protocol), ...reset, rest),
    of('5.1 closed by RST_STREAM: PRIORITY', passedOver, ...reset, priority(1, 0)),
    of(
      '5.3.1 HEADERS that depend on their own stream',
      [...streamError(protocol), ...passedOver],
      frame(
        types.headers,
        endStream | endHeaders | flags.priority,
        1,
        Buffer.concat([number32(1), Buffer.from([15]), fields(get)]),
      ),
    ),
    of(
      '5.3.1 PRIORITY that depends on its own stream',
      [...streamError(protocol), ...passedOver],
      ended,
      priority(1, 1),
    ),
    of(
      '6.9.1 more DATA than a window',
      streamError(flowControl),
      Buffer.concat([headers(1, post, 0), ...Array.from({ length: 20 }, () => data(0, zeros(16_000)))]),
    ),
    of(
      '6.9.2 a window beyond its limit by SETTINGS',
      connectionError(flowControl),
      settings([4, 0]),
      headers(1, post, 0),
      frame(types.window, 0, 1, number32(most)),
      settings([4, 1]),
    ),
    {
      ...of(
        '5.1.1 a smaller stream than before',
        connectionError(protocol),
        headers(5, get),
        headers(3, get),
      ),
      stream: 3,
    },
  ]
}

/** The same once the answer is out. */
export function closedErrors({ get }: CallFields): Http2Case[] {
  const ended = headers(1, get)
  const of = (name: string, right: Reactions, ...steps: Buffer[]): Http2Case => ({
    name,
    right,
    steps: [ended, ...steps],
  })
  return [
    of('5.1 closed: DATA', streamError(streamClosed), data(endStream, 'x')),
    of('5.1 closed: HEADERS', streamError(streamClosed), headers(1, ['x', 'y'])),
    of(
      'closed: CONTINUATION',
      connectionError(streamClosed, protocol),
      frame(types.continuation, endHeaders, 1, fields(['x', 'y'])),
    ),
    of('5.1 closed: PRIORITY', served, priority(1, 0)),
    of('5.1 closed: WINDOW_UPDATE', served, frame(types.window, 0, 1, number32(1))),
    of('5.1 closed: RST_STREAM', served, frame(types.reset, 0, 1, number32(cancel))),
  ]
}

/** What a server passes over, or serves: the call is answered, and its connection goes on. */
export function harmless({ get, post }: CallFields): Http2Case[] {
  const [ended, open] = [headers(1, get), headers(1, post, 0)]
  const block = fields(get)
  const of = (name: string, ...steps: Buffer[]): Http2Case => ({ name, right: served, steps })
  const whole = endStream | endHeaders
  const split = (...parts: Buffer[]) =>
    Buffer.concat(
      parts.map((part, index) =>
        frame(
          index === 0 ? types.headers : types.continuation,
          (index === 0 ? endStream : 0) | (index === parts.length - 1 ? endHeaders : 0),
          1,
          part,
        ),
      ),
    )
  const prioritized = (on: number, weight: number) =>
    frame(
      types.headers,
      whole | flags.priority,
      1,
      Buffer.concat([number32(on), Buffer.from([weight]), block]),
    )
  return [
    of('4.1 a frame of an unknown type', frame(0x77, 0, 0, zeros(8)), ended),
    of('4.1 an unknown type on a stream', ended, frame(0x77, 0xff, 1, zeros(8))),
    of(
      '4.1 flags that a type does not define',
      frame(types.settings, 0xfe, 0),
      frame(types.headers, whole | (0xd2 & ~0x20), 1, block),
    ),
    of(
      '4.1 the reserved bit',
      frame(types.headers, whole, 1 + 2 ** 31, block),
      frame(types.ping, 0, 2 ** 31, zeros(8)),
    ),
    of('4.1 the reserved bit of a window', ended, frame(types.window, 0, 0, number32(2 ** 31 + 1))),
    of('4.2 DATA of 16,384', open, data(endStream, zeros(16_384))),
    of('4.2 HEADERS of 16,384', frame(types.headers, whole, 1, sized(get, 16_384))),
    of('5.1 PRIORITY on an idle stream', priority(3, 0), ended),
    of('5.1 PRIORITY while it is open', open, priority(1, 0), data(endStream)),
    of('5.5 settings that nobody knows', settings([0xff, 1], [0xfafa, 2 ** 31]), ended),
    of('6.1 DATA in pieces, also empty ones', open, data(0, 'a'), data(0), data(endStream, 'b')),
    of('6.1 DATA with padding', open, data(padded | endStream, hex('06'), 'test', zeros(6))),
    of('6.1 DATA of padding alone', open, data(padded | endStream, hex('06'), zeros(6))),
    of(
      '6.2 HEADERS with padding',
      frame(types.headers, whole | padded, 1, Buffer.concat([hex('06'), block, zeros(6)])),
    ),
    of('6.2 HEADERS with a priority', prioritized(0, 255)),
    of('6.2 HEADERS with an exclusive priority', prioritized(2 ** 31, 0)),
    of('6.3 PRIORITY of the most weight, exclusive', priority(1, 2 ** 31 + 3, 255), ended),
    of(
      '6.5.2 the least and the most of each setting',
      settings([1, 0], [2, 0], [3, 0], [4, most], [5, 16_384], [6, 0]),
      settings([1, 2 ** 32 - 1], [2, 0], [5, 2 ** 24 - 1], [6, 2 ** 32 - 1]),
      ended,
    ),
    of(
      '6.7 an acknowledgement of a PING that was not sent',
      frame(types.ping, flags.ack, 0, zeros(8)),
      ended,
    ),
    of(
      '6.9 WINDOW_UPDATE of the connection and of a stream',
      frame(types.window, 0, 0, number32(1)),
      open,
      frame(types.window, 0, 1, number32(1)),
      data(endStream),
    ),
    of('6.10 CONTINUATION', split(block.subarray(0, 5), block.subarray(5))),
    of(
      '6.10 CONTINUATION twice, and empty',
      split(block.subarray(0, 5), block.subarray(5, 20), zeros(0), block.subarray(20)),
    ),
    {
      // A client that says so is about to go.
      name: '7 GOAWAY with an error that nobody knows',
      steps: [ended, frame(types.goaway, 0, 0, Buffer.concat([number32(0), number32(0xff)]))],
      right: [...served, 'goaway 0', 'goaway 255', 'closed'],
    },
    {
      ...of(
        '7 RST_STREAM with an error that nobody knows',
        headers(1, post, 0),
        frame(types.reset, 0, 1, number32(0xff)),
        headers(3, get),
      ),
      stream: 3,
    },
    of('8.1 trailers', open, data(0, 'test'), headers(1, ['x-test', 'ok'])),
    of('8.1 trailers without DATA', open, headers(1, ['x-test', 'ok'])),
    of('8.1 DATA that ends without any', open, data(endStream)),
    of(
      '8.1.1 its length, in two',
      headers(1, [...post, 'content-length', '8'], 0),
      data(0, 'test'),
      data(endStream, 'test'),
    ),
  ]
}

/** A block of so many bytes. */
function sized(pairs: readonly string[], size: number): Buffer {
  const value = (length: number) => fields([...pairs, 'x', 'y'.repeat(length)])
  return value(size - (value(1_000).length - 1_000))
}
