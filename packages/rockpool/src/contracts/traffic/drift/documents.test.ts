import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { realDocument } from '../../../../test/support/contracts.ts'
import { count, limitMs } from '../../../../test/support/counts.ts'
import { contractIn } from '../../../../test/support/differences/schema-documents.ts'
import { gitApplied } from '../../../../test/support/git-apply.ts'
import { observedOf, readOf } from '../../../../test/support/observed.ts'
import { differencesOf } from '../../differences/index.ts'
import { createSampler } from '../../samples/index.ts'
import type { Contract, Json, JsonObject } from '../../types.ts'
import { createValidator } from '../../validation/index.ts'
import { driftOf, operationKey } from '../index.ts'
import type { DriftFinding, Observer, Usage } from '../index.ts'

const runs = count('plantedDrift', 8)

const shop = (name: string) => ({
  name: `${name} of the shop`,
  file: fileURLToPath(new URL(`../../../../../../examples/shop/${name}/openapi.yaml`, import.meta.url)),
  isHere: true,
})
interface Tried {
  name: string
  file: string
  isHere: boolean
  /** How often something is planted. */
  runs?: number
}

const documents: Tried[] = [
  { name: 'petstore.yaml', ...realDocument('petstore.yaml') },
  { name: 'adyen-checkout70.json', ...realDocument('adyen-checkout70.json') },
  { name: 'apibuilder-api.json', ...realDocument('apibuilder-api.json') },
  // To read it, and to compare it with itself, takes seconds.
  { name: 'flow-service.json', ...realDocument('flow-service.json'), runs: Math.ceil(runs / 4) },
  ...['catalog', 'orders', 'payments', 'storefront', 'delivery-quotes'].map(shop),
]

interface Exchange {
  operation: string
  request: Json | undefined
  answers: { status: number; contentType: string; body: Json }[]
}

/** One valid call of each operation, with all the answers that it declares. */
function exchangesOf(contract: Contract): Exchange[] {
  const sampler = createSampler(contract, { validator: createValidator(contract) })
  return contract.operations.map(({ id, body, responses }) => {
    const sent = body?.content.find(({ name }) => name.includes('json'))
    const request = sent && sampler.sample(sent.schema, { key: id, direction: 'request' })
    const answers = responses.flatMap(({ status, content }) =>
      content.flatMap(({ name, schema }) => {
        const sample = sampler.sample(schema, { key: id, direction: 'response' })
        const code = Number(status.replaceAll('X', '0'))
        return sample.ok && !Number.isNaN(code)
          ? [{ status: code, contentType: name, body: sample.value }]
          : []
      }),
    )
    return { operation: id, request: request?.ok === true ? request.value : undefined, answers }
  })
}

function watch(exchanges: readonly Exchange[]): (observer: Observer) => void {
  return (observer) => {
    for (const { operation, request, answers } of exchanges) {
      observer.request(operation, 'acme', readOf(request), 'application/json')
      for (const { status, contentType, body } of answers)
        observer.response(operation, 'acme', status, contentType, body)
    }
  }
}

const planted = fc.constantFrom<Json>('x', 1, 1.5, true, null, [], ['x'], [1, null], { inner: 1 })

/** What is planted: at the object or the text of this number, counted over all bodies. */
interface Plant {
  at: number
  kind: 'member' | 'value' | 'status' | 'media type'
  name: string
  value: Json
}

const plants = fc.array(
  fc.record({
    at: fc.nat(5_000),
    kind: fc.constantFrom<Plant['kind']>('member', 'member', 'value', 'status', 'media type'),
    name: fc.constantFrom('plantedOne', 'planted-two', 'planted_three', '$planted.four'),
    value: planted,
  }),
  { minLength: 1, maxLength: 12 },
)

/** Some of each kind; where they go is the same each time, so that something is found for sure. */
const ofEachKind = (['member', 'value', 'status', 'media type'] as const).flatMap((kind, index) =>
  [0, 1, 2].map((at): Plant => ({ at: 3 * index + at, kind, name: 'plantedOne', value: 'x' })),
)

/** The exchanges with something in them that their contract does not say. */
function withPlants(exchanges: readonly Exchange[], all: readonly Plant[]): Exchange[] {
  const copy = structuredClone([...exchanges])
  const answers = copy.flatMap((exchange) => exchange.answers)
  const bodies = [
    ...copy.flatMap(({ request }) => (request === undefined ? [] : [request])),
    ...answers.map(({ body }) => body),
  ]
  const objects = bodies.flatMap(objectsIn)
  const texts = objects.flatMap((object) =>
    Object.entries(object).flatMap(([name, value]) => (typeof value === 'string' ? [{ object, name }] : [])),
  )
  for (const { at, kind, name, value } of all) {
    const [object, text, answer] = [
      objects[at % objects.length],
      texts[at % texts.length],
      answers[at % answers.length],
    ]
    if (kind === 'member' && object !== undefined) object[name] = value
    if (kind === 'value' && text !== undefined) text.object[text.name] = 'planted value'
    if (kind === 'status' && answer !== undefined) answer.status = 418
    if (kind === 'media type' && answer !== undefined) answer.contentType = 'text/x-planted; charset=utf-8'
  }
  return copy
}

/** What has to be found in answers, by what their operations declare: its kind, and the operation. */
function dueOf({ operations }: Contract, exchanges: readonly Exchange[]): string[] {
  const due = operations.flatMap((operation) => {
    const { answers } = exchanges.find((exchange) => exchange.operation === operation.id)!
    const declared = (status: string) => operation.responses.find((response) => response.status === status)
    return answers.flatMap(({ status, contentType }) => {
      const response =
        declared(String(status)) ?? declared(`${Math.trunc(status / 100)}XX`) ?? declared('default')
      if (response === undefined) return [`undocumented status: ${operationKey(operation)}`]
      const isDeclared = response.content.some(({ name }) => name === contentType)
      return isDeclared ? [] : [`undocumented media type: ${operationKey(operation)}`]
    })
  })
  return [...new Set(due)].toSorted()
}

function foundOf(findings: readonly DriftFinding[]): string[] {
  const ofAnswers = findings.filter(
    ({ kind }) => kind === 'undocumented status' || kind === 'undocumented media type',
  )
  const found = ofAnswers.flatMap(({ kind, operations }) => operations.map((key) => `${kind}: ${key}`))
  return [...new Set(found)].toSorted()
}

function objectsIn(value: Json): JsonObject[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inner : [value, ...inner]
}

const placeAndMessage = ({ place, message }: DriftFinding) => `${place}: ${message}`

/** It cannot say all that was seen. */
const isApiBuilder = ({ schemas }: Contract) =>
  [...schemas.values()].some(
    (schema) => typeof schema === 'object' && schema['x-rockpool-kind'] !== undefined,
  )

const warnings = (contract: Contract, usage: Usage) =>
  driftOf(contract, usage).findings.filter(({ level }) => level === 'warning')

for (const { name, file, isHere, runs: numRuns = runs } of documents) {
  test.skipIf(!isHere)(`${name}: valid calls and answers have no drift`, () => {
    const contract = contractIn(readFileSync(file, 'utf8'), file)
    const usage = observedOf(contract, watch(exchangesOf(contract)))
    expect(warnings(contract, usage)).toEqual([])
    expect(usage.rows.filter(({ kind }) => kind === 'sent').length).toBeGreaterThan(10)
  })

  test.skipIf(!isHere)(
    `${name}: what is planted is found, and with the patches it is gone, and nothing breaks`,
    { timeout: limitMs(120_000) },
    () => {
      const text = readFileSync(file, 'utf8')
      const contract = contractIn(text, file)
      const exchanges = exchangesOf(contract)
      const planted = observedOf(contract, watch(withPlants(exchanges, ofEachKind)))
      const patched = driftOf(contract, planted).findings.filter(({ patch }) => patch !== null)
      // Or the patches would prove nothing.
      expect(patched.length).toBeGreaterThan(0)
      fc.assert(
        fc.property(plants, (all) => {
          const withThem = withPlants(exchanges, all)
          const usage = observedOf(contract, watch(withThem))
          const { findings, patches } = driftOf(contract, usage)
          expect(foundOf(findings)).toEqual(dueOf(contract, withThem))
          const unpatched = findings.filter((each) => each.unpatched !== null)
          for (const { kind, patch, message } of findings)
            if (kind !== 'never seen' && !unpatched.some((each) => each.message === message))
              expect([message, patch?.diff]).toEqual([message, expect.any(String)])
          if (!isApiBuilder(contract)) expect(unpatched).toEqual([])
          expect(patches.length).toBe(findings.some(({ patch }) => patch !== null) ? 1 : 0)
          const [patch] = patches
          const [, line = ''] = patch?.diff?.split('\n') ?? []
          const diff = patch?.diff?.replaceAll(line.slice('+++ b/'.length), 'document')
          if (diff !== undefined) expect(gitApplied('document', text, diff) === patch!.text).toBe(true)
          const after = contractIn(patch?.text ?? text, file)
          expect(warnings(after, usage).map(placeAndMessage)).toEqual(unpatched.map(placeAndMessage))
          const broken = differencesOf(contract, after).filter(({ wire }) => wire === 'breaks')
          expect(broken).toEqual([])
        }),
        { numRuns, examples: [[ofEachKind]] },
      )
    },
  )
}
