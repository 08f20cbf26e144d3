import { describe, expect, test } from 'vitest'
import { knownFormats } from './formats.ts'

type Case = [format: string, valid: (string | number)[], invalid: (string | number)[]]

const cases: Case[] = [
  [
    'date',
    ['2026-01-31', '2024-02-29', '2000-02-29', '0000-01-01'],
    [
      '2026-02-29',
      '1900-02-29',
      '2026-13-01',
      '2026-00-01',
      '2026-04-31',
      '2026-1-1',
      '26-01-01',
      '2026-01-01T00:00:00Z',
      '',
      '２026-01-01',
      '2026-01-01\n',
    ],
  ],
  [
    'time',
    ['12:00:00Z', '12:00:00.123z', '23:59:60Z', '00:59:60+01:00', '18:59:60-05:00', '12:00:00+23:59'],
    [
      '12:00:00',
      '24:00:00Z',
      '12:60:00Z',
      '12:00:61Z',
      '12:00:60Z',
      '12:00:00+24:00',
      '12:00:00+01',
      '12:00Z',
      '12:00:00.Z',
    ],
  ],
  [
    'date-time',
    ['2026-01-31T12:00:00Z', '2026-01-31t12:00:00.5+01:00', '1998-12-31T23:59:60Z'],
    ['2026-01-31 12:00:00Z', '2026-01-31T12:00:00', '2026-02-30T12:00:00Z', '2026-01-31', '2026-01-31T'],
  ],
  [
    'duration',
    ['P1D', 'PT1H', 'P1Y2M3DT4H5M6S', 'P2W', 'PT36H', 'P1Y2M', 'PT1M30S', 'P1Y1D', 'PT1H1S'],
    ['', 'P', 'PT', 'P1DT', '1D', 'P1W1D', 'PT1S1H', 'P1D1Y', 'PT0.5S', 'P1S', 'P1H', 'PT1D', 'PT1'],
  ],
  [
    'email',
    [
      'a@b.example',
      'a.b+c@x-y.example',
      '"a b"@example.com',
      'a@[127.0.0.1]',
      'a@[IPv6:::1]',
      "!#$%&'*+-/=?^_`{|}~@a.b",
    ],
    [
      '',
      'a',
      '@a',
      'a@',
      'a b@c.d',
      '.a@b.c',
      'a..b@c.d',
      'a@b..c',
      'a@-b.c',
      'a@b@c',
      'a@[1.2.3]',
      `${'a'.repeat(65)}@b.c`,
    ],
  ],
  [
    'hostname',
    ['a', 'a.b.c', 'a-b.example', '1.2', 'xn--nw2a.example', 'a'.repeat(63)],
    [
      '',
      '.',
      'a.',
      '.a',
      '-a',
      'a-',
      'a_b',
      'a..b',
      'ä.example',
      'a'.repeat(64),
      Array.from({ length: 64 }, () => 'abc').join('.'),
    ],
  ],
  [
    'ipv4',
    ['0.0.0.0', '255.255.255.255', '127.0.0.1'],
    [
      '256.0.0.1',
      '1.2.3.256',
      '1.2.3.930',
      '1.2.3',
      '1.2.3.4.5',
      '01.2.3.4',
      '1.2.3.4 ',
      '0x7f.0.0.1',
      '1..2.3',
      '',
    ],
  ],
  [
    'ipv6',
    [
      '::',
      '::1',
      '1::',
      '2001:db8::8:800:200c:417a',
      '1:2:3:4:5:6:7:8',
      '::ffff:1.2.3.4',
      '1:2:3:4:5:6:1.2.3.4',
      '1:2:3:4:5:6:7::',
    ],
    [
      '',
      ':',
      ':::',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1::2::3',
      '1:2:3::4:5::6:7:8',
      '12345::',
      '::g',
      '1:2:3:4:5:6:7:8::',
      '::1.2.3',
      '1.2.3.4::',
      '1.2.3.4',
      '::1%eth0',
      '1:',
      ':1',
    ],
  ],
  [
    'uri',
    [
      'http://a.example/b?c=d#e',
      'urn:isbn:0451450523',
      'mailto:a@b.c',
      'http://[::1]:80/',
      'file:///a',
      'a:',
      'http://u:p@h:1/%20',
      "x:!$&'()*+,;=:@/",
    ],
    [
      '',
      '/a',
      'a',
      '//a/b',
      'http://a b',
      'http://a/%2',
      ':a',
      '1a:b',
      'http://[::1',
      'http://a:b/',
      'http://a/<',
      'x:\\',
      'a:#b#c',
      'http://ä/',
    ],
  ],
  [
    'uri-reference',
    ['', '/a', 'a/b', '//a/b', '#x', '?q', '../a', 'http://a.example', './a:b'],
    ['\\', 'a b', '%', '1a:b', '#a#b', 'ä'],
  ],
  [
    'uuid',
    [
      '123e4567-e89b-12d3-a456-426614174000',
      '00000000-0000-0000-0000-000000000000',
      '123E4567-E89B-12D3-A456-426614174000',
    ],
    [
      '',
      '123e4567e89b12d3a456426614174000',
      '123e4567-e89b-12d3-a456-42661417400',
      'g23e4567-e89b-12d3-a456-426614174000',
      '{123e4567-e89b-12d3-a456-426614174000}',
    ],
  ],
  ['json-pointer', ['', '/', '/a~0b~1c', '/a/0', '//'], ['a', '/~', '/~2', '#/a', '/a~']],
  ['regex', ['^a+$', '[a-z]', '\\d{2}', '\\-'], ['(', '[', 'a**', '+']],
  ['byte', ['', 'YQ==', 'YWI=', 'YWJj', '+/+/'], ['a', 'YQ=', 'YQ', 'YQ==\n', 'Y Q=', 'YQ-_', '====']],
  ['int32', [0, -(2 ** 31), 2 ** 31 - 1], [2 ** 31, -(2 ** 31) - 1, 0.5]],
  ['int64', [0, Number.MAX_SAFE_INTEGER, 2 ** 63, -(2 ** 63)], [2 ** 64, 0.5, -1e19]],
  ['float', [0, -1.5, 3.4e38], [3.5e38, -1e300]],
  ['double', [0, 1.5, 1.7e308], []],
]

describe('the format', () => {
  test.each(cases)('%s takes what is one, and nothing else', (name, valid, invalid) => {
    const rule = knownFormats[name]!
    const holds = (value: string | number) =>
      rule.of === 'string' ? rule.holds(value as string) : rule.holds(value as number)
    expect(valid.filter((value) => !holds(value))).toEqual([])
    expect(invalid.filter(holds)).toEqual([])
  })

  test.each(Object.keys(knownFormats))('%s has its cases here', (name) => {
    expect(cases.map(([format]) => format)).toContain(name)
  })

  test('of a megabyte of anything is judged in time', () => {
    const start = performance.now()
    for (const unit of [
      'a',
      'a.',
      'a:',
      '1:',
      '[',
      '%20',
      ' ',
      '/~0',
      '"',
      'P1D',
      '-',
      '=',
      '(',
      '()',
      '0',
      '12:00:00.0',
    ])
      for (const rule of Object.values(knownFormats))
        if (rule?.of === 'string') rule.holds(unit.repeat(500_000))
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
