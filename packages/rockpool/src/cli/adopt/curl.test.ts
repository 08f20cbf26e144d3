import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCurl } from './curl.ts'
import { splitShell } from './shell.ts'

function callOf(text: string) {
  const reading = parseCurl(text)
  if (!reading.ok) throw new Error(reading.findings.join('; '))
  const { method, url, headers, body } = reading.call
  return { method, url: url.href, headers: Object.fromEntries(headers), body, notes: reading.notes }
}

const findingsOf = (text: string) => {
  const reading = parseCurl(text)
  return reading.ok ? [] : reading.findings
}

describe('words of a command', () => {
  test.each([
    [`a 'b c' "d \\"e\\" \\$f"  g`, ['a', 'b c', 'd "e" $f', 'g']],
    [`a\\ b 'it'\\''s' ''`, ['a b', "it's", '']],
    [`a \\\n  b \\\r\n c`, ['a', 'b', 'c']],
    [String.raw`$'tab\there' $'\x41\u00e9\u{1}' $'it\'s'`, ['tab\there', 'Aé\\u{1}', "it's"]],
    ['"two\nlines" \'and\nmore\'', ['two\nlines', 'and\nmore']],
    ['a # a comment', ['a']],
    ['a\n# a comment\n', ['a']],
    ['5$ a$', ['5$', 'a$']],
  ])('%j', (text, words) => {
    expect(splitShell(text)).toEqual({ ok: true, words })
  })

  test.each([
    ['$TOKEN', /in the place of \$TOKEN/],
    ['"Bearer ${TOKEN}"', /in the place of \$\{TOKEN\}/],
    ['"$(cat token)"', /would put something/],
    ['`cat token`', /would put something/],
    ['curl a | jq .', /“\|” would go on/],
    ['curl a > file', /“>” would go on/],
    ['curl a; rm b', /“;” would go on/],
    ['curl a\ncurl b', /second line/],
    [`'open`, /single quote is not closed/],
    ['"open', /double quote is not closed/],
    ["$'open", /not closed/],
    ["$'\\x00'", /character that there is not/],
    ['end\\', /ends with a backslash/],
  ])('refused, for nothing is run and nothing filled in: %s', (text, detail) => {
    expect(splitShell(text)).toEqual({ ok: false, detail: expect.stringMatching(detail) })
  })

  test('a command of more than a million characters is refused', () => {
    expect(splitShell('x'.repeat(1024 * 1024 + 1))).toMatchObject({ ok: false })
  })

  test('whatever stands in single quotes comes out as it is', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes("'"))
    fc.assert(
      fc.property(text, (value) => {
        expect(splitShell(`a '${value}' b`)).toEqual({ ok: true, words: ['a', value, 'b'] })
      }),
    )
  })
})

describe('a curl call', () => {
  test.each([
    ['curl https://a.test/x', { method: 'GET', url: 'https://a.test/x', headers: {}, body: null }],
    ['$ curl a.test', { method: 'GET', url: 'http://a.test/' }],
    [
      'curl -XPOST https://a.test/x -d a=1 -d b=2',
      { method: 'POST', body: 'a=1&b=2', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    [
      `curl https://a.test -H'Accept: text/plain' -H "X-Empty;" -H 'X-Gone:'`,
      { headers: { accept: 'text/plain', 'x-empty': '' } },
    ],
    [
      `curl https://a.test --json '{"a":1}'`,
      {
        method: 'POST',
        body: '{"a":1}',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
      },
    ],
    [
      `curl https://a.test --json '{"a":' --json '1}' -H 'Content-Type: application/vnd.a+json'`,
      { body: '{"a":1}', headers: { 'content-type': 'application/vnd.a+json', accept: 'application/json' } },
    ],
    [
      'curl -G https://a.test/x?y=0 -d a=1 --data-urlencode "q=a b&c"',
      { method: 'GET', url: 'https://a.test/x?y=0&a=1&q=a+b%26c', body: null },
    ],
    ['curl https://a.test --url-query "q=a b" --url-query +x=1', { url: 'https://a.test/?q=a+b&x=1' }],
    ['curl -u me:pass https://a.test', { headers: { authorization: 'Basic bWU6cGFzcw==' } }],
    [
      'curl https://me:pass@a.test/',
      { url: 'https://a.test/', headers: { authorization: 'Basic bWU6cGFzcw==' } },
    ],
    ['curl -b "a=1; b=2" https://a.test', { headers: { cookie: 'a=1; b=2' } }],
    [
      'curl -sSLk --compressed -m 5 -o out.json https://a.test',
      {
        method: 'GET',
        notes: [
          '-L is left out: a redirect is an answer of its own',
          '-k is left out: certificates are verified',
        ],
      },
    ],
    ['curl -I https://a.test', { method: 'HEAD' }],
    ['curl -X DELETE --url https://a.test/x', { method: 'DELETE' }],
    [
      "curl https://a.test --data-raw $'{\"a\":\"it\\'s\"}' -H 'content-type: application/json'",
      { body: `{"a":"it's"}` },
    ],
    [
      `curl 'https://a.test' -H 'sec-fetch-mode: cors' -H 'User-Agent: Mozilla' -H 'Referer: https://b.test' -H 'X-Own: 1'`,
      { headers: { 'x-own': '1' } },
    ],
    ['curl -g "https://a.test/?a[]=1"', { url: 'https://a.test/?a[]=1' }],
  ])('%s', (text, expected) => {
    expect(callOf(text)).toMatchObject(expected)
    if ('headers' in expected) expect(callOf(text).headers).toEqual(expected.headers)
  })

  test('all that cannot be imported is named at once', () => {
    expect(
      findingsOf('curl --foo -y -d @body.json -F a=@b -H "no header" -u me https://a.test https://b.test'),
    ).toEqual([
      'unknown option --foo',
      'unknown option -y',
      '--data @body.json: it would read a file of this machine: paste its content',
      '-F: a form with parts is not imported; write such a check by hand',
      '--header “no header” is no header',
      '--user without a password: curl would ask for it',
    ])
  })

  test.each([
    ['wget https://a.test', /begins with “curl”/],
    ['curl', /no URL/],
    ['curl https://a.test https://b.test', /several URLs/],
    ['curl "https://a.test/[1-3]"', /several calls/],
    ['curl file:///etc/passwd', /no http or https/],
    ['curl -H', /-H needs a value/],
    ['curl -T file https://a.test', /send a file/],
    ['curl -K file https://a.test', /read a file/],
    ['curl -b jar.txt https://a.test', /read a file/],
    ['curl --data-urlencode name@file https://a.test', /read a file/],
    ['curl -H @file https://a.test', /read a file/],
    ['curl -X TRACE https://a.test', /TRACE is not imported/],
    ['curl -X GET -d a https://a.test', /GET with a body/],
    ['curl -x http://proxy https://a.test', /not through a proxy/],
  ])('%s is refused', (text, finding) => {
    expect(findingsOf(text).join('; ')).toMatch(finding)
  })

  test('no text makes it throw', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("'", '"', '\\', "$'", '-H', '-d', '--json', 'https://a.test', '-', '\n', '\\u', '\\x4'),
    )
    fc.assert(fc.property(fc.array(piece), (pieces) => void parseCurl(`curl ${pieces.join(' ')}`)))
  })
})
