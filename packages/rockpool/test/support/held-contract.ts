import type { RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import { addressOf, type EngineName, type GatewayOptions, type Route } from '../../src/gateway/index.ts'
import type { EngineLimits } from '../../src/gateway/engines/engine.ts'
import { createContractCounts } from '../../src/gateway/judging/counts.ts'
import { createContractKeeper } from '../../src/gateway/judging/keeper.ts'
import { silentLog, systemClock, type OperationValidation } from '../../src/kernel/index.ts'
import { ways, type Way } from './engine-calls.ts'
import { live } from './gateway-client.ts'
import {
  credential,
  organization,
  sandbox,
  service,
  temporaryFolder,
  testGateway,
  upstream,
} from './gateway.ts'

// A gateway that holds calls against the contract of its one service.

const json = (schema: object) => ({ 'application/json': { schema } })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const responses = { '200': { description: 'ok' } }

/** Orders of somebody, as OpenAPI 3.1. */
export const ordersContract = {
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1.0.0' },
  paths: {
    '/{organization}/orders': {
      parameters: [inPath('organization')],
      get: {
        operationId: 'listOrders',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
          { name: 'X-Depth', in: 'header', schema: { type: 'integer' } },
          { name: 'theme', in: 'cookie', schema: { enum: ['dark', 'light'] } },
        ],
        responses,
      },
      post: {
        operationId: 'createOrder',
        requestBody: { required: true, content: json(ref('NewOrder')) },
        responses,
      },
      delete: { operationId: 'removeOrders', responses },
    },
    '/{organization}/orders/{number}': {
      parameters: [inPath('organization'), { ...inPath('number'), schema: { type: 'integer' } }],
      put: {
        operationId: 'putOrder',
        requestBody: { content: json(ref('NewOrder')) },
        responses,
      },
    },
    '/{organization}/files': {
      parameters: [inPath('organization')],
      post: {
        operationId: 'sendFile',
        requestBody: {
          required: true,
          content: {
            'image/png': { schema: {} },
            'application/x-www-form-urlencoded': { schema: ref('NewOrder') },
            'multipart/form-data': { schema: ref('NewOrder') },
          },
        },
        responses,
      },
    },
  },
  components: {
    schemas: {
      NewOrder: {
        type: 'object',
        required: ['sku', 'quantity'],
        properties: {
          sku: { type: 'string' },
          quantity: { type: 'integer', minimum: 1 },
          gift: { type: 'boolean' },
          speed: { enum: ['slow', 'fast'] },
          tags: { type: 'array', items: { type: 'string' } },
          lines: {
            type: 'array',
            items: { type: 'object', required: ['at'], properties: { at: { type: 'integer' } } },
          },
        },
      },
    },
  },
}

const templates: [method: string, path: string, operationId: string][] = [
  ['GET', '/{organization}/orders', 'listOrders'],
  ['POST', '/{organization}/orders', 'createOrder'],
  ['DELETE', '/{organization}/orders', 'removeOrders'],
  ['PUT', '/{organization}/orders/{number}', 'putOrder'],
  ['POST', '/{organization}/files', 'sendFile'],
]

export const boxKey = credential('sandbox')

export interface HeldOptions {
  engine: Way
  listener: RequestListener
  validation?: Partial<OperationValidation>
  route?: Partial<Route>
  /** In the place of the one that stands here. */
  contract?: object
  concurrency?: number
  limits?: Partial<EngineLimits>
  gateway?: Partial<GatewayOptions>
}

/** The keys are `live` of harbor, and `boxKey` of its sandbox. */
export async function heldGateway({ engine, listener, ...options }: HeldOptions) {
  const { url } = await upstream(listener)
  const text = JSON.stringify(options.contract ?? ordersContract)
  const contract = addressOf(text)
  const keeper = createContractKeeper({
    source: { contract: () => Promise.resolve(Buffer.from(text)) },
    folder: temporaryFolder(),
    clock: systemClock,
    log: silentLog,
  })
  onTestFinished(() => keeper.stop())
  keeper.follow([{ contract }])
  await keeper.arrival(contract, 10_000)
  const contractCounts = createContractCounts()
  const validation = { requests: 'refuse', responses: 0, coerce: false, ...options.validation } as const
  const routes = templates.map(([method, path, operationId]) => ({
    method,
    path,
    operationId,
    anonymous: false,
    validation,
    ...options.route,
  }))
  const http1: EngineName = engine === 'HTTP/2' ? 'node' : engine
  const { concurrency = 256 } = options
  const gateway = await testGateway(
    http1,
    {
      organizations: [organization('harbor'), sandbox('box')],
      credentials: [live, boxKey],
      services: [service('orders', { url, contract, routes, concurrency })],
    },
    options.limits,
    { contracts: keeper, contractCounts, ...options.gateway },
    ways[engine],
  )
  return { ...gateway, contractCounts, keeper, contract }
}
