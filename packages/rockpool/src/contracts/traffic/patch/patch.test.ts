import { expect, test } from 'vitest'
import { contractIn } from '../../../../test/support/differences/schema-documents.ts'
import { gitApplied } from '../../../../test/support/git-apply.ts'
import type { Json } from '../../types.ts'
import { createSourceDocuments } from './documents.ts'
import { withEdits } from './edits.ts'
import { propose } from './propose.ts'
import type { Addition } from './types.ts'
import { unifiedDiff } from './unified.ts'

const head = 'openapi: 3.1.0\ninfo: {title: Pets, version: "1"}\npaths: {}\n'

/** The document of a text, which is a contract. */
function documentOf(text: string, file = 'pets.yaml') {
  const contract = contractIn(text, file)
  return createSourceDocuments(contract).of(contract)!
}

/** The text after additions at `/components/schemas/Pet`. */
function after(text: string, ...additions: { names: string[]; value: Json }[]): string {
  const all = additions.map((each): Addition => ({
    file: 'pets.yaml',
    at: '/components/schemas/Pet',
    ...each,
  }))
  return textAfter(text, 'pets.yaml', all)
}

function textAfter(text: string, file: string, additions: Addition[]): string {
  return withEdits(text, propose(documentOf(text, file), additions)!.edits!)
}

const born = { names: ['properties', 'born'], value: { type: 'string' } }
const yaml = (schemas: string) => `${head}components:\n  schemas:\n${schemas}`

test('in YAML on lines, a member follows the last one, and comments stay', () => {
  const text = yaml(`    Pet: # of a customer
      type: object
      properties:
        name: { type: string } # as it is called

        kind:
          enum: [cat, dog] # no fish
      # what follows
    Other: {}
`)
  expect(after(text, born)).toBe(
    text.replace('# no fish\n', '# no fish\n        born:\n          type: string\n'),
  )
})

test('in YAML, lists get items where they are: on lines, at the same column as their name, or between brackets', () => {
  const fish = { names: ['enum', '-'], value: 'fish' }
  const onLines = yaml('    Pet:\n      enum:\n      - cat # meows\n      - dog\n')
  expect(after(onLines, fish)).toBe(onLines.replace('- dog\n', '- dog\n      - fish\n'))
  const indented = yaml('    Pet:\n      enum:\n        - cat\n        - dog')
  expect(after(indented, fish)).toBe(`${indented}\n        - fish`)
  const flow = yaml('    Pet: {enum: [ cat, dog ]}\n')
  expect(after(flow, fish)).toBe(flow.replace('dog ]', 'dog, fish ]'))
})

test('in YAML, what is not there yet is made, once for all that goes there', () => {
  const text = yaml('    Pet:\n      description: |\n        A pet,\n        or none.\n    Other: {}\n')
  expect(after(text, born, { names: ['properties', 'age'], value: { type: ['integer', 'null'] } })).toBe(
    text.replace(
      'none.\n',
      'none.\n      properties:\n        born:\n          type: string\n        age:\n          type: [integer, "null"]\n',
    ),
  )
  const empty = yaml('    Pet: {}\n')
  expect(after(empty, born)).toBe(empty.replace('Pet: {}', 'Pet: {properties: { born: { type: string } }}'))
})

test('in YAML, what an anchor names is what its aliases get', () => {
  const text = yaml('    Base: &base\n      properties: &p\n        name: {type: string}\n    Pet: *base\n')
  expect(after(text, born)).toBe(
    text.replace('string}\n', 'string}\n        born:\n          type: string\n'),
  )
})

test('names and texts of YAML that would be something else stand in quotes', () => {
  const text = yaml('    Pet:\n      type: object\n')
  const value = { enum: ['no', '1', 'a: b', '# x', 'two words', ''] }
  const written = after(
    text,
    { names: ['properties', 'on'], value },
    { names: ['properties', '404'], value: {} },
  )
  expect(written).toContain(
    '        "404": {}\n        "on":\n          enum: ["no", "1", "a: b", "# x", two words, ""]\n',
  )
})

test.each([
  ['two spaces', 2],
  ['tabs', '\t'],
  ['one line', undefined],
])('JSON written with %s goes on so', (_, indent) => {
  const document = (pet: Json, values: Json[]) =>
    JSON.stringify(
      {
        openapi: '3.1.0',
        info: { title: 'Pets', version: '1' },
        paths: {},
        components: { schemas: { Kind: { enum: values }, Pet: pet } },
      },
      null,
      indent,
    )
  const before = document({ type: 'object', properties: { name: {} } }, ['cat'])
  const written = propose(documentOf(before, 'pets.json'), [
    { file: 'pets.json', at: '/components/schemas/Pet', ...born },
    { file: 'pets.json', at: '/components/schemas/Kind', names: ['enum', '-'], value: 'fish' },
  ])!
  expect(withEdits(before, written.edits!)).toBe(
    document({ type: 'object', properties: { name: {}, born: { type: 'string' } } }, ['cat', 'fish']),
  )
  expect(written.operations).toEqual([
    { op: 'add', path: '/components/schemas/Pet/properties/born', value: { type: 'string' } },
    { op: 'add', path: '/components/schemas/Kind/enum/-', value: 'fish' },
  ])
})

test('JSON with objects in one line, and empty ones, keeps them, and its line ends', () => {
  const before = [
    '{"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"},',
    '  "paths": {},',
    '  "components": {"schemas": {',
    '    "Pet": { "properties": { "a": {"enum": ["}"] } } },',
    '    "Other": {}',
    '  }}',
    '}',
  ].join('\r\n')
  const text = textAfter(before, 'pets.json', [
    { file: 'pets.json', at: '/components/schemas/Pet', ...born },
    { file: 'pets.json', at: '/components/schemas/Other', ...born },
  ])
  expect(text).toBe(
    before
      .replace('["}"] } }', '["}"] }, "born": {"type": "string"} }')
      .replace(
        '"Other": {}',
        '"Other": {\r\n      "properties": {\r\n        "born": {\r\n          "type": "string"\r\n        }\r\n      }\r\n    }',
      ),
  )
})

test('what is there already, or cannot be there, is not proposed', () => {
  const text = yaml(
    '    Pet:\n      type: object\n      properties:\n        born: {}\n        kind: x\n'.replace('x', '{}'),
  )
  const at = (names: string[]): Addition => ({
    file: 'pets.yaml',
    at: '/components/schemas/Pet',
    names,
    value: {},
  })
  expect(propose(documentOf(text), [at(['properties', 'born'])])).toBeNull()
  expect(propose(documentOf(text), [at(['type', 'born'])])).toBeNull()
  expect(textAfter(text, 'pets.yaml', [at(['properties', '__proto__'])])).toContain('        __proto__: {}\n')
})

test('the unified diff is one that git applies, whatever stands near each other and however the file ends', () => {
  const text = `${yaml('    Pet:\n      properties:\n        name: {type: string}\n    Kind:\n      enum: [cat]\n')}x-end:\n  - 1`
  const { edits } = propose(documentOf(text), [
    { file: 'pets.yaml', at: '/components/schemas/Pet', ...born },
    { file: 'pets.yaml', at: '/components/schemas/Kind', names: ['enum', '-'], value: 'fish' },
    { file: 'pets.yaml', at: '', names: ['x-end', '-'], value: 2 },
  ])!
  const diff = unifiedDiff('pets.yaml', text, edits!)
  expect(gitApplied('pets.yaml', text, diff)).toBe(withEdits(text, edits!))
  expect(diff).toContain('-      enum: [cat]\n+      enum: [cat, fish]\n')
  expect(diff).toContain('\\ No newline at end of file')
})

test('hunks that lie apart count the lines that came before them', () => {
  const text = `${yaml('    Pet:\n      properties: {}\n')}${'# far\n'.repeat(9)}x-end:\n  - 1\n`
  const { edits } = propose(documentOf(text), [
    { file: 'pets.yaml', at: '/components/schemas/Pet', names: ['title'], value: 'Pet' },
    { file: 'pets.yaml', at: '', names: ['x-end', '-'], value: 2 },
  ])!
  const heads = unifiedDiff('pets.yaml', text, edits!).match(/^@@.*$/gm)
  expect(heads).toEqual(['@@ -5,6 +5,7 @@', '@@ -16,3 +17,4 @@'])
})
