import { validator as schemasafe } from '@exodus/schemasafe'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formatsOfAjv from 'ajv-formats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { knownFormats } from './formats.ts'

/** What is changed a little, and judged by all. */
const examples: Record<string, string[]> = {
  date: ['2026-01-31', '2024-02-29'],
  time: ['12:00:00Z', '23:59:60Z', '01:02:03.5+01:30'],
  'date-time': ['2026-01-31T12:00:00Z', '1998-12-31T23:59:60.5-01:00'],
  duration: ['P1Y2M3DT4H5M6S', 'P2W', 'PT36H'],
  email: ['a.b+c@x-y.example', 'a@b.c'],
  hostname: ['a.b-c.example', 'xn--a.b1'],
  ipv4: ['127.0.0.1', '255.1.20.3'],
  ipv6: ['2001:db8::8:800:200c:417a', '::ffff:1.2.3.4', '1:2:3:4:5:6:7:8', '::1'],
  uri: ['http://u@a.example:80/b?c=d#e', 'urn:isbn:0451', 'x://[::1]/%20'],
  'uri-reference': ['/a/b?c#d', 'a/b', '//a:1/b'],
  uuid: ['123e4567-e89b-12d3-a456-426614174000'],
  'json-pointer': ['/a~0b~1c/0', ''],
  regex: ['^a+(b|c)[d-e]{1,2}$'],
}

/**
 * Where we say something else, and are right:
 *
 * | format | ours | theirs |
 * |---|---|---|
 * | time, date-time | RFC 3339 5.6: an offset there must be, with its colon, and `T` | a time without one (schemasafe), `+0130`, a space |
 * | duration | no fractions | fractions (schemasafe) |
 * | email | RFC 5321: a domain of one label, a local part in quotes | refused (ajv; the quotes: both) |
 * | hostname | RFC 1123: no dot ends it | may |
 * | ipv4 | no leading zeros, and no number above 255 | may have them; the last up to 999 (schemasafe) |
 * | ipv6 | RFC 4291: `::` may stand for one group alone; a colon alone ends nothing | not for one; may (schemasafe) |
 * | uri, uri-reference | RFC 3986: brackets and colons where the grammar has them, no quotes; an empty path before `?` and `#` | anywhere (both); quotes (ajv); refused (ajv) |
 * | regex | without the flag `u` too, as `pattern` is read | with it only (schemasafe) |
 */
const explained: Record<string, RegExp> = {
  time: /^[^Zz+-]*$|[+-]\d{4}$/,
  'date-time': /^[\d-]+ |[+-]\d{2}:?\d{0,2}$/,
  duration: /\./,
  email: /^"|@[^.]*$/,
  hostname: /\.$/,
  ipv4: /(?:^|\.)0\d|\.(?:25[6-9]|2[6-9]\d|[3-9]\d\d)$/,
  ipv6: /^(?:[^:]+:){1,6}:?|::|:$/,
  uri: /[[\]]|^[^/?#]*:\/\/[^/]*:|:[?#]|\?/,
  'uri-reference': /^[^/?#]*:|^\/\/[^/]*:|"|[[\]]/,
  regex: /[[\]{}()\\-]/,
}

const letters = 'aZ0159-:./~@[]%?#+TPYMWDHS=(){}|^$ \\"_é'.split('')
const edit = fc.record({
  kind: fc.constantFrom('take', 'put', 'replace'),
  at: fc.nat(50),
  letter: fc.constantFrom(...letters),
})

test.each(Object.entries(examples))('%s is to us what it is to two other validators', (format, texts) => {
  const ajv = formatsOfAjv.default(new Ajv2020({ strict: false }))
  const judges = [
    ajv.compile({ type: 'string', format }),
    schemasafe({ type: 'string', format }, { mode: 'lax', isJSON: true }),
  ]
  const rule = knownFormats[format]!
  let valid = 0
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(edit, { maxLength: 4 }), (text, edits) => {
      const units = [...text]
      for (const { kind, at, letter } of edits)
        units.splice(at % (units.length + 1), kind === 'put' ? 0 : 1, ...(kind === 'take' ? [] : [letter]))
      const value = units.join('')
      const own = rule.of === 'string' && rule.holds(value)
      valid += own ? 1 : 0
      if (explained[format]?.test(value) === true) return
      for (const judge of judges) expect(judge(value), value).toBe(own)
    }),
    { numRuns: 2000 },
  )
  expect(valid).toBeGreaterThan(100)
})
