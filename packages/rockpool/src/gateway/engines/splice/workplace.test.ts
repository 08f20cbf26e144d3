import { queryObjects } from 'node:v8'
import { expect, test } from 'vitest'
import { engineTo } from '../../../../test/support/engine.ts'
import { emptyAnswer, rawClient, recordingUpstream, statusOf } from '../../../../test/support/raw-http.ts'
import { until } from '../../../../test/support/gateway.ts'
import { Client } from './client.ts'
import { createSpliceEngine } from './index.ts'
import { Workplace } from './workplace.ts'

const connections = 100
const workplaces = () => queryObjects(Workplace, { format: 'count' })

test('connections that are idle hold nothing of what serves a request, and serve the next one', async () => {
  const { url } = await recordingUpstream({ answer: () => emptyAnswer })
  const { port } = await engineTo(createSpliceEngine, { url })
  const before = workplaces()
  const clients = []
  for (let index = 0; index < connections; index++) {
    const client = await rawClient(port)
    client.send('GET /items HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(statusOf((await client.answered(1))[0]!)).toBe(200)
    clients.push(client)
  }
  expect(workplaces() - before).toBeLessThan(5)
  for (const client of clients) client.send('GET /items HTTP/1.1\r\nHost: a\r\n\r\n')
  for (const client of clients) expect(statusOf((await client.answered(2))[1]!)).toBe(200)
})

test('what served many at once keeps none of them', async () => {
  const { url } = await recordingUpstream({ answer: () => emptyAnswer })
  const { port } = await engineTo(createSpliceEngine, { url })
  const clients = await Promise.all(Array.from({ length: connections }, () => rawClient(port)))
  for (const client of clients) client.send('GET /items HTTP/1.1\r\nHost: a\r\n\r\n')
  for (const client of clients) await client.answered(1)
  for (const client of clients) client.socket.destroy()
  await until('all are gone', () => queryObjects(Client, { format: 'count' }) === 0)
})

test('a head of which a part is here is kept, whoever else is served meanwhile', async () => {
  const { url, requests } = await recordingUpstream({ answer: () => emptyAnswer })
  const { port } = await engineTo(createSpliceEngine, { url })
  const clients = await Promise.all(Array.from({ length: 10 }, () => rawClient(port)))
  for (const [index, client] of clients.entries()) client.send(`GET /items/${index} HTTP/1.1\r\nHo`)
  const other = await rawClient(port)
  other.send('GET /other HTTP/1.1\r\nHost: a\r\n\r\n')
  await other.answered(1)
  for (const client of clients) client.send('st: a\r\n\r\n')
  for (const client of clients) expect(statusOf((await client.answered(1))[0]!)).toBe(200)
  expect(requests().length).toBe(clients.length + 1)
})
