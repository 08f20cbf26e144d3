import { expect, test } from 'vitest'
import { takeTelemetry, telemetryVariables } from './telemetry.ts'

const configured = {
  endpoint: 'http://127.0.0.1:4318',
  traces: [{ environment: null, actor: 'customer' as const, service: null, share: 0.1 }],
}

test('what is configured reaches the gateway’s process, and the keys do not stay in its environment', () => {
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b%3Dc, x-team = shop' }
  const variables = telemetryVariables(configured, headers)
  expect(takeTelemetry(variables)).toEqual({
    endpoint: configured.endpoint,
    headers: { 'x-key': 'a b=c', 'x-team': 'shop' },
    rules: configured.traces,
  })
  expect(Object.keys(variables)).toEqual(['ROCKPOOL_TELEMETRY'])
})

test('where nothing is configured, nothing is handed on, and nothing is told', () => {
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'x-key=k' }
  expect(telemetryVariables(undefined, headers)).toEqual({})
  expect(takeTelemetry({ ...headers })).toBeUndefined()
})

test.each(['s3cret', 'x-key', 'x key=s3cret', 'a=1,x-key=s3cret%0d%0aHost: x', 'x-key=s3cret%'])(
  'headers that are none are refused, and not told: %s',
  (headers) => {
    const variables = telemetryVariables(configured, { OTEL_EXPORTER_OTLP_HEADERS: headers })
    const refusal = (() => {
      try {
        takeTelemetry(variables)
        return ''
      } catch (error) {
        return String(error)
      }
    })()
    expect(refusal).toMatch(/OTEL_EXPORTER_OTLP_HEADERS: what stands at place [12] /)
    expect(refusal).not.toContain('s3cret')
  },
)
