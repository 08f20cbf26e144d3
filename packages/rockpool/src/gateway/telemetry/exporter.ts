import { messageOf } from '../../kernel/index.ts'
import type { Clock, Log } from '../../kernel/index.ts'
import type { CounterValues } from '../overview/types.ts'
import { attributesOf } from './attributes.ts'
import { toMetrics } from './metrics.ts'
import { isSampled } from './sampling.ts'
import { createSender } from './sender.ts'
import type { Outcome } from './sender.ts'
import { toSpan } from './spans.ts'
import type { Span } from './spans.ts'
import type { TelemetrySettings, Tracer } from './types.ts'

/** Tells a collector what goes through a gateway. Whatever becomes of the collector, requests never wait for it. */
export interface Exporter extends Tracer {
  /** Spans that were dropped, because the collector did not take them in time. */
  dropped(): number
  /** Sends what is left, within a second. */
  close(): Promise<void>
}

export interface ExporterOptions {
  settings: TelemetrySettings
  /** Of the process: what OpenTelemetry calls the instance. */
  instance: string
  version: string
  counters: { values(): CounterValues }
  clock: Clock
  log: Log
  /** Milliseconds between two sendings, 5 s and 15 s by default; tests have less patience. */
  tracesEveryMs?: number
  metricsEveryMs?: number
}

// The specification's own for batches of spans (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables).
const maxWaiting = 2_048
const maxBatch = 512

export function createExporter(options: ExporterOptions): Exporter {
  const { settings, counters, clock, log } = options
  const started = clock.now()
  const stop = new AbortController()
  const send = createSender({ settings, clock, signal: stop.signal })
  const resource = {
    attributes: attributesOf({
      'service.name': 'rockpool-gateway',
      'service.instance.id': options.instance,
      'service.version': options.version,
    }),
  }
  const scope = { name: 'rockpool.gateway', version: options.version }
  let waiting: Span[] = []
  let dropped = 0
  let isSilent = false

  /** Once when it begins to fail and once when it goes again: a collector may be away for days. */
  function tell({ failed }: Outcome): void {
    if (failed !== null && !isSilent) log.warn({ error: failed }, 'the collector did not take telemetry')
    if (failed === null && isSilent) log.info({}, 'the collector takes telemetry again')
    isSilent = failed !== null
  }

  async function sendSpans(): Promise<void> {
    while (waiting.length > 0) {
      const spans = waiting.slice(0, maxBatch)
      waiting = waiting.slice(maxBatch)
      const outcome = await send('/v1/traces', {
        resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }],
      })
      dropped += outcome.failed === null ? outcome.rejected : spans.length
      tell(outcome)
    }
  }

  async function sendMetrics(): Promise<void> {
    const metrics = toMetrics(counters.values(), started, clock.now())
    tell(await send('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }))
  }

  const repeat = async (everyMs: number, work: () => Promise<void>) => {
    while (!stop.signal.aborted) {
      await clock.sleep(everyMs, stop.signal).catch(() => {})
      if (stop.signal.aborted) return
      await work().catch((error: unknown) => log.error({ error: messageOf(error) }, 'telemetry was not sent'))
    }
  }
  const running = [
    repeat(options.tracesEveryMs ?? 5_000, sendSpans),
    repeat(options.metricsEveryMs ?? 15_000, sendMetrics),
  ]

  return {
    samples: (request, traceId) => isSampled(settings.rules, request, traceId),
    add(record, trace) {
      if (waiting.length >= maxWaiting) dropped += 1
      else waiting.push(toSpan(record, trace))
    },
    dropped: () => dropped,
    async close() {
      stop.abort()
      await Promise.all(running)
      const last = createSender({ settings, clock, signal: AbortSignal.timeout(1_000), tries: 1 })
      const spans = waiting.slice(0, maxBatch)
      const metrics = toMetrics(counters.values(), started, clock.now())
      await Promise.all([
        spans.length > 0 &&
          last('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }),
        last('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }),
      ])
    },
  }
}
