import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parameterOf } from '../../../test/support/contract-requests.ts'
import type { Sent } from '../../../test/support/contract-requests.ts'

/*
 * Values are written as OpenAPI 3.1 (4.8.12.4) shows each style, apart from the code that reads them. What a style cannot
 * say is not written: nothing of an empty list, delimiters in texts where they are not encoded.
 */

interface Style {
  in: 'path' | 'query' | 'header' | 'cookie'
  style: string
  explode: boolean
  /** Characters that are delimiters, and would not be told from those. */
  delimiters: string
  write: (value: Value) => string
}
type Value = string | number | string[] | number[] | Record<string, string>

const encode = encodeURIComponent
const members = (value: Record<string, string>) => Object.entries(value)

function joined(value: Value, delimiter: string, pair: string, code: (text: string) => string): string {
  if (Array.isArray(value)) return value.map((one) => code(String(one))).join(delimiter)
  if (typeof value !== 'object') return code(String(value))
  return members(value)
    .map(([name, one]) => `${code(name)}${pair}${code(one)}`)
    .join(delimiter)
}

function exploded(value: Value, delimiter: string, code: (text: string) => string): string {
  if (Array.isArray(value)) return value.map((one) => `p=${code(String(one))}`).join(delimiter)
  if (typeof value !== 'object') return `p=${code(String(value))}`
  return members(value)
    .map(([name, one]) => `${code(name)}=${code(one)}`)
    .join(delimiter)
}

const same = (text: string) => text
const styles: Style[] = [
  {
    in: 'path',
    style: 'simple',
    explode: false,
    delimiters: ',',
    write: (value) => joined(value, ',', ',', same),
  },
  {
    in: 'path',
    style: 'simple',
    explode: true,
    delimiters: ',=',
    write: (value) => joined(value, ',', '=', same),
  },
  {
    in: 'path',
    style: 'label',
    explode: false,
    delimiters: ',',
    write: (value) => `.${joined(value, ',', ',', same)}`,
  },
  {
    in: 'path',
    style: 'label',
    explode: true,
    delimiters: '.=',
    write: (value) => `.${joined(value, '.', '=', same)}`,
  },
  {
    in: 'path',
    style: 'matrix',
    explode: false,
    delimiters: ',;=',
    write: (value) => `;p=${joined(value, ',', ',', same)}`,
  },
  {
    in: 'path',
    style: 'matrix',
    explode: true,
    delimiters: ';=',
    write: (value) => `;${exploded(value, ';', same)}`,
  },
  {
    in: 'header',
    style: 'simple',
    explode: false,
    delimiters: ', \t',
    write: (value) => joined(value, ', ', ',', same),
  },
  {
    in: 'header',
    style: 'simple',
    explode: true,
    delimiters: ',= \t',
    write: (value) => joined(value, ',', '=', same),
  },
  {
    in: 'query',
    style: 'form',
    explode: false,
    delimiters: '',
    write: (value) => `p=${joined(value, ',', ',', encode)}`,
  },
  {
    in: 'query',
    style: 'form',
    explode: true,
    delimiters: '',
    write: (value) => exploded(value, '&', encode),
  },
  {
    in: 'query',
    style: 'spaceDelimited',
    explode: false,
    delimiters: ' ',
    write: (value) => `p=${joined(value, '%20', '%20', encode)}`,
  },
  {
    in: 'query',
    style: 'pipeDelimited',
    explode: false,
    delimiters: '|',
    write: (value) => `p=${joined(value, '|', '|', encode)}`,
  },
  {
    in: 'cookie',
    style: 'form',
    explode: false,
    delimiters: '',
    write: (value) => `p=${joined(value, ',', ',', encode)}`,
  },
  {
    in: 'cookie',
    style: 'form',
    explode: true,
    delimiters: '',
    write: (value) => exploded(value, '&', encode),
  },
  {
    in: 'cookie',
    style: 'cookie',
    explode: true,
    delimiters: ';&, =\t',
    write: (value) => exploded(value, '; ', same),
  },
  {
    in: 'query',
    style: 'deepObject',
    explode: true,
    delimiters: '',
    write: (value) =>
      typeof value !== 'object'
        ? `p=${encode(String(value))}`
        : Object.entries(value)
            .map(([name, one]) => `p[${Array.isArray(value) ? '' : encode(name)}]=${encode(String(one))}`)
            .join('&'),
  },
]

const string = { type: 'string' }
const schemas = {
  text: string,
  whole: { type: 'integer' },
  texts: { type: 'array', items: string },
  wholes: { type: 'array', items: { type: 'integer' } },
  object: { type: 'object', additionalProperties: string },
}

function sent(place: Style['in'], text: string): Sent {
  if (place === 'path') return { path: { p: text } }
  if (place === 'query') return { query: text }
  return { headers: { [place === 'header' ? 'P' : 'Cookie']: text } }
}

test.each(styles)('what is written in the $in as $style (explode $explode) is read as the same', (style) => {
  // Space around header values, and control characters, do not come over the wire.
  const text = fc
    .oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom('%25', 'a+b', '&', '=', ',', '|', 'a b', '__proto__', '1'),
    )
    .map((one) => [...one].filter((letter) => !style.delimiters.includes(letter) && letter >= ' ').join(''))
    .filter((one) => one !== '' && one.trim() === one)
  const name = text.map((one) => one.replaceAll(/[[\]]/g, '')).filter((one) => one !== '' && one !== 'p')
  const whole = fc.maxSafeInteger().map((one) => one + 0)
  const kinds = {
    text,
    whole,
    texts: fc.array(text, { minLength: 1 }),
    wholes: fc.array(whole, { minLength: 1 }),
    object: fc.dictionary(name, text, { minKeys: 1 }).map((one) => ({ ...one })),
  }
  for (const [kind, values] of Object.entries(kinds) as [keyof typeof kinds, fc.Arbitrary<Value>][]) {
    // A cookie's members have names that cookies have.
    if (style.style === 'cookie' && kind === 'object') continue
    const read = parameterOf({
      in: style.in,
      style: style.style,
      explode: style.explode,
      schema: schemas[kind],
    } as never)
    fc.assert(
      fc.property(values, (value) => {
        expect(read(sent(style.in, style.write(value)))).toEqual(value)
      }),
      { numRuns: 100 },
    )
  }
})

test('a reserved character that is let through as it is stands for itself', () => {
  const read = parameterOf({ in: 'query', allowReserved: true, schema: string } as never)
  const text = fc.string({ unit: fc.constantFrom(...Array.from("abc:/?#[]@!$'()*+,;=")) })
  fc.assert(
    fc.property(text, (value) => {
      expect(read({ query: `p=${value}` })).toBe(value)
    }),
  )
})
