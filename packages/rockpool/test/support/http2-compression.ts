import { errors, fields, flags, frame, hex, types } from './http2-frames.ts'
import { connectionError, served, type Http2Case, type Reactions } from './http2-play.ts'

const whole = flags.endStream | flags.endHeaders

/** Blocks of fields, by the sections of RFC 7541. `more` is what the call needs beside its pseudo-headers. */
export function compressionCases(more: readonly string[]): Http2Case[] {
  const block = (...parts: (Buffer | string)[]): Buffer =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : part)))
  // By the static table: GET, http, then literals of :path and :authority.
  const start = '82 86'
  const literal = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
  const end = block('04', literal('/harbor/items'), '01', literal('api.example'), fields(more))
  const call = (...parts: (Buffer | string)[]) => frame(types.headers, whole, 1, block(start, end, ...parts))
  const wrong = (name: string, ...parts: (Buffer | string)[]): Http2Case => ({
    name,
    right: connectionError(errors.compression),
    steps: [call(...parts)],
  })
  const right = (name: string, ...parts: (Buffer | string)[]): Http2Case => ({
    name,
    right: served,
    steps: [call(...parts)],
  })
  const entire = (name: string, reaction: Reactions, ...parts: (Buffer | string)[]): Http2Case => ({
    name,
    right: reaction,
    steps: [frame(types.headers, whole, 1, block(...parts))],
  })
  return [
    right('6.1 an indexed field'),
    right('6.2.1 literals with indexing, of a known name and a new one', '7a 01 61', '40 01 78 01 79'),
    right('6.2.1 what was indexed is found again', '40 01 78 01 79', 'be', '7e 01 7a'),
    right('6.2.2 literals without indexing', '0f 2b 01 61', '00 01 78 01 79'),
    right('6.2.3 literals never indexed', '1f 2b 01 61', '10 01 78 01 79'),
    right('5.2 Huffman', '00 81 f3 81 f5'),
    entire('6.3 a size update at the begin', served, '20', start, end),
    entire('6.3 two size updates at the begin', served, '20 3f e1 1f', start, end),
    entire('6.3 a size update between fields', connectionError(errors.compression), start, '20', end),
    wrong('4.2 a size update at the end', '20'),
    entire(
      '6.3 a size beyond what the server allows',
      connectionError(errors.compression),
      '3f e2 1f',
      start,
      end,
    ),
    wrong('6.1 the index 0', '80'),
    wrong('2.3.3 an index beyond the tables', 'c6'),
    wrong('2.3.3 a literal’s name beyond the tables', '7f 07 01 78'),
    wrong('2.3.2 an index of what was evicted', '40 01 78 01 79', '20', 'be'),
    wrong('5.1 an index that overflows', 'ff ff ff ff ff ff ff ff ff ff 0f'),
    wrong('5.1 a length that overflows', '00 7f ff ff ff ff ff ff ff ff 0f'),
    wrong('5.1 an index that does not end', 'ff ff'),
    wrong('5.2 a length beyond the block', '00 05 61'),
    wrong('5.2 Huffman with more than 7 bits of padding', '00 01 78 82 07 ff'),
    wrong('5.2 Huffman with zeros as its padding', '00 01 78 81 00'),
    wrong('5.2 Huffman with EOS within', '00 01 78 84 ff ff ff ff'),
    wrong('6.2 a literal without its value', '00 01 78'),
  ]
}
