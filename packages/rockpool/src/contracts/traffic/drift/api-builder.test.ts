import { expect, test } from 'vitest'
import { contractIn } from '../../../../test/support/differences/schema-documents.ts'
import { gitApplied, patchApplied, patchMissing } from '../../../../test/support/git-apply.ts'
import { observedOf, readOf } from '../../../../test/support/observed.ts'
import { readApiBuilder } from '../../apibuilder/index.ts'
import { Findings } from '../../findings.ts'
import { readContract } from '../../read.ts'
import { readText } from '../../source/text.ts'
import type { Contract, Json, JsonObject } from '../../types.ts'
import { driftOf } from '../index.ts'
import type { Usage } from '../index.ts'

const api = `{
  "name": "pets",

  "enums": {
    "kind": {
      "values": [
        { "name": "cat" },
        { "name": "dog", "description": "It barks" }
      ]
    }
  },

  "unions": {
    "event": {
      "discriminator": "what",
      "types": [
        { "type": "birth" },
        { "type": "string" },
        { "type": "sale", "fields": [{ "name": "price", "type": "decimal" }] }
      ]
    },
    "either": { "types": [{ "type": "gift" }] }
  },

  "models": {
    "pet": {
      "description": "Somebody's",
      "fields": [
        { "name": "name", "type": "string" },
        { "name": "keeper_id", "type": "string", "required": false },
        { "name": "kind", "type": "kind", "required": false },
        { "name": "birth", "type": "birth", "required": false },
        { "name": "home", "type": { "model": "home", "fields": [{"name":"street","type":"string"}] }, "required": false }
      ]
    },
    "gift": { "plural": "gifts" },
    "birth": { "fields": [{ "name": "day", "type": "string", "required": false }] }
  },

  "resources": {
    "pet": {
      "operations": [
        { "method": "POST", "body": { "type": "pet" }, "responses": { "201": { "type": "pet" } } },
        { "method": "POST", "path": "/events", "body": { "type": "event" } },
        { "method": "POST", "path": "/either", "body": { "type": "either" } },
        { "method": "POST", "path": "/form", "parameters": [{ "name": "name", "type": "string" }] }
      ]
    }
  }
}
`

interface Sent {
  path?: string
  body: Json
}

const operationAt = (contract: Contract, path: string) =>
  contract.operations.find((each) => each.path === path)!.id

function usageOf(contract: Contract, sent: readonly Sent[]): Usage {
  return observedOf(contract, (observer) => {
    for (const { path = '/pets', body } of sent) {
      const type = path.endsWith('form') ? 'application/x-www-form-urlencoded' : 'application/json'
      observer.request(operationAt(contract, path), 'acme', readOf(body), type)
    }
  })
}

const warningsOf = (contract: Contract, usage: Usage) =>
  driftOf(contract, usage).findings.filter(({ level }) => level === 'warning')

/** What is proposed for what was sent; `after`: the document with it, without a warning that was not there before. */
function mended(text: string, sent: readonly Sent[], file = 'api.json') {
  const contract = contractIn(text, file)
  const usage = usageOf(contract, sent)
  const { patches } = driftOf(contract, usage)
  const reasons = warningsOf(contract, usage).flatMap(({ unpatched }) => unpatched ?? [])
  if (patches.length === 0)
    return { after: text, added: [], reasons, left: warningsOf(contract, usage).length }
  const diff = patches[0]!.diff!
  const after = gitApplied(file, text, diff)
  const [before, reading] = [readContract(text, { file }), readContract(after, { file })]
  expect(reading.findings.map(({ message }) => message)).toEqual(
    before.findings.map(({ message }) => message),
  )
  const added = diff.split('\n').filter((line) => /^[+](?![+])/.test(line))
  return { after, added, reasons, left: warningsOf(contractIn(after, file), usage).length }
}

test('fields of a model are appended as the others are written, with the type that takes what was seen', () => {
  const tags: Json = ['a', 'b']
  const { after, added, reasons, left } = mended(api, [
    { body: { name: 'Rex', age: 3, weight: 3.5, is_tame: true, tags, notes: { a: 1 } } },
    {
      body: {
        name: 'Rex',
        age: 4,
        weight: 4,
        mixed: 1,
        none: null,
        lists: [[1]],
        some: [1, null],
        empty: [],
      },
    },
    { body: { name: 'Rex', mixed: 'x' } },
  ])
  expect([reasons, left]).toEqual([[], 0])
  const field = (name: string, type: string) =>
    `        { "name": "${name}", "type": "${type}", "required": false }`
  const fields = [
    field('age', 'long'),
    field('empty', '[json]'),
    field('is_tame', 'boolean'),
    field('lists', '[[json]]'),
    field('mixed', 'json'),
    field('none', 'json'),
    field('notes', 'object'),
    field('some', '[json]'),
    field('tags', '[string]'),
    field('weight', 'decimal'),
  ]
  const last = `{"name":"street","type":"string"}] }, "required": false }`
  expect(after).toBe(api.replace(last, `${last},\n${fields.join(',\n')}`))
  // The line before gets its comma, and no other one changes.
  expect(added).toHaveLength(fields.length + 1)
})

test('values of an enum get a name that API Builder takes, and keep what they are on the wire', () => {
  const kinds = ['fish', 'sea horse', 'sea_horse', '2 birds', 'Sea+Horse', 'CAT']
  const { after, added, reasons, left } = mended(
    api,
    kinds.map((kind) => ({ body: { name: 'Rex', kind } })),
  )
  expect(added).toEqual([
    '+        { "name": "dog", "description": "It barks" },',
    '+        { "name": "_2_birds", "value": "2 birds" },',
    '+        { "name": "Sea_Horse_2", "value": "Sea+Horse" },',
    '+        { "name": "fish" },',
    '+        { "name": "sea_horse_3", "value": "sea horse" },',
    '+        { "name": "sea_horse" }',
  ])
  expect(reasons).toEqual(['API Builder takes CAT for the same name as cat'])
  expect([readContract(after, { file: 'api.json' }).ok, left]).toEqual([true, 1])
})

test('what models and enums say where they are used is mended there, and types of unions where their model is', () => {
  const { after, left } = mended(api, [
    { body: { name: 'Rex', home: { street: 'x', city: 'y' } } },
    { path: '/pets/events', body: { what: 'birth', day: 'x', weight: 1 } },
    { path: '/pets/events', body: { what: 'sale', price: 1, buyer: 'x' } },
    { path: '/pets/either', body: { gift: {} } },
    { path: '/pets/form', body: { name: 'x', age: '3' } },
  ])
  expect(left).toBe(0)
  expect(after).toContain(
    '[{"name":"street","type":"string"}, {"name":"city","type":"string","required":false}]',
  )
  expect(after).toContain('"decimal" }, { "name": "buyer", "type": "string", "required": false }] }')
  expect(after).toContain('"required": false }, { "name": "weight", "type": "long", "required": false }] }')
  expect(after).toContain(
    '[{ "name": "name", "type": "string" }, { "name": "age", "type": "string", "location": "form", "required": false }]',
  )
})

test('what cannot be said in the document is told in a sentence', () => {
  const { reasons, left, after } = mended(api, [
    { body: { name: 'Rex', keeperId: 'x', $ref: 'x', birth: { what: 'x' } } },
    { path: '/pets/events', body: { what: 'string', value: 'x', note: 'x' } },
    { path: '/pets/either', body: { gift: {}, note: 'x' } },
  ])
  expect(after).toBe(api)
  expect(left).toBe(5)
  expect(reasons.toSorted()).toEqual([
    'API Builder has no name $ref',
    'API Builder takes keeperId for the same name as keeper_id',
    'a union tells by what which type a value has, and its models have no field of that name',
    'it stands in a union beside what its types say, and API Builder has no word for that',
    'it stands in a union beside what its types say, and API Builder has no word for that',
  ])
})

test('what is met at several places is one field that takes all of it, and no two fields have one name', () => {
  const { added, reasons, left } = mended(api, [
    { body: { name: 'Rex', birth: { weight: 'much' } } },
    { path: '/pets/events', body: { what: 'birth', weight: 1, bornAt: 'x', born_at: 'x' } },
  ])
  expect(added.join()).toContain('{ "name": "weight", "type": "json", "required": false }')
  expect(added.join()).toContain('"bornAt"')
  expect(reasons).toEqual(['API Builder takes born_at for the same name as bornAt'])
  expect(left).toBe(1)
})

test('in service.json is written out what API Builder writes out, in YAML and in one line as there', () => {
  const field = (name: string, type: string) => ({
    name,
    type,
    required: true,
    attributes: [],
    annotations: [],
  })
  const operations = [{ method: 'POST', path: '/pets', body: { type: 'pet' }, parameters: [], responses: [] }]
  const service = {
    name: 'pets',
    namespace: 'io.pets.v1',
    enums: [{ name: 'kind', plural: 'kinds', values: [{ name: 'cat', attributes: [] }] }],
    models: [{ name: 'pet', plural: 'pets', fields: [field('name', 'string'), field('kind', 'kind')] }],
    resources: [{ type: 'pet', plural: 'pets', operations }],
  }
  const sent = [{ body: { name: 'Rex', kind: 'a fish', age: 3 } }]
  const age = { ...field('age', 'long'), required: false }
  const fish = { name: 'a_fish', attributes: [], value: 'a fish' }
  const wanted = structuredClone(service) as { enums: object; models: object }
  Object.assign(wanted, {
    enums: [{ ...service.enums[0], values: [...service.enums[0]!.values, fish] }],
    models: [{ ...service.models[0], fields: [...service.models[0]!.fields, age] }],
  })
  for (const indent of [2, '\t', undefined]) {
    const { after, left } = mended(JSON.stringify(service, null, indent), sent, 'service.json')
    expect([after, left]).toEqual([JSON.stringify(wanted, null, indent), 0])
  }
  const yaml = `name: pets
models:
  pet:
    fields:
      - name: name # as it is called
        type: string
resources:
  pet:
    operations:
      - { method: POST, body: { type: pet } }
`
  expect(mended(yaml, [{ body: { name: 'Rex', age: 3 } }], 'api.yaml').after).toBe(
    yaml.replace(
      'type: string\n',
      'type: string\n      - name: age\n        type: long\n        required: false\n',
    ),
  )
})

test('of types that are imported it is told where they are to be mended', () => {
  const uri = 'https://app.apibuilder.io/pets/common/latest/service.json'
  const common = `{"name": "common", "namespace": "io.common", "models": [{"name": "home", "fields": [{"name": "street", "type": "string"}]}]}`
  const text = JSON.stringify({
    name: 'pets',
    imports: [{ uri }],
    models: { pet: { fields: [{ name: 'home', type: 'io.common.models.home' }] } },
    resources: { pet: { operations: [{ method: 'POST', body: { type: 'pet' } }] } },
  })
  const findings = new Findings()
  const give = (at: string) => readText(common, at).value as JsonObject
  const root = readText(text, 'api.json').value as JsonObject
  const { contract } = readApiBuilder(root, findings, { imports: give })!
  const usage = usageOf(contract, [{ body: { home: { street: 'x', city: 'y' } } }])
  expect(warningsOf(contract, usage).map(({ patch, unpatched }) => [patch, unpatched])).toEqual([
    [null, `its type is imported, and has to be mended in ${uri}`],
  ])
})

test('of statuses and media types it is told why nothing is proposed', () => {
  const contract = contractIn(api, 'api.json')
  const usage = observedOf(contract, (observer) => {
    const id = operationAt(contract, '/pets')
    observer.response(id, 'acme', 404, 'application/json', {})
    observer.response(id, 'acme', 201, 'text/html', '')
  })
  const { findings, patches } = driftOf(contract, usage)
  expect(patches).toEqual([])
  expect(findings.flatMap(({ unpatched }) => unpatched ?? [])).toEqual([
    'API Builder has no word for media types',
    'API Builder declares each status with the type of its body, and what that is was not kept',
  ])
})

test.skipIf(patchMissing)('`patch -p1` makes of the document what git makes of it', () => {
  const contract = contractIn(api, 'api.json')
  const usage = usageOf(contract, [
    { body: { name: 'Rex', kind: 'sea horse', age: 3, home: { street: 'x', city: 'y' } } },
    { path: '/pets/form', body: { name: 'x', age: '3' } },
  ])
  const [patch] = driftOf(contract, usage).patches
  expect(patch!.operations).toHaveLength(4)
  const after = patchApplied('api.json', api, patch!.diff!)
  expect(after).toBe(patch!.text)
  expect(gitApplied('api.json', api, patch!.diff!)).toBe(after)
  expect(warningsOf(contractIn(after, 'api.json'), usage)).toEqual([])
})
