import { durationBounds } from './counters.ts'
import { histogramOf } from './exposition.ts'
import type { Family, Sample } from './exposition.ts'
import { asOfOf, cutOffOf, nameOf } from './gateway-list.ts'
import type { GatewayFacts, Holds, KnownGateway } from './types.ts'

/** What control itself has to tell. */
export interface PublishedFacts {
  /** Of Rockpool. */
  release: string
  version: number
  /** Milliseconds. */
  asOf: number
  holds: Holds
  /** Entries that it leaves out of what it publishes. */
  findings: number
}

/**
 * The installation as Prometheus reads it. Counters are those of each gateway's process: they begin at 0 with it, as
 * Prometheus expects. Labels are few and bounded: never an organization, a path or a credential. Pure.
 */
export function familiesOf(
  gateways: readonly KnownGateway[],
  control: PublishedFacts,
  now: number,
): Family[] {
  const named = newestOfName(gateways)
  const here = named.flatMap(({ connected, facts }) => (connected && facts ? [facts] : []))
  const each = (read: (facts: GatewayFacts) => number): Sample[] =>
    here.map((facts) => ({ labels: { gateway: facts.name }, value: read(facts) }))
  const several = (read: (facts: GatewayFacts) => Sample[]): Sample[] =>
    here.flatMap((facts) =>
      read(facts).map((sample) => ({ ...sample, labels: { gateway: facts.name, ...sample.labels } })),
    )
  const ofServices = (value: 'bytesIn' | 'bytesOut') =>
    several(({ counters }) =>
      counters.services.map((cell) => ({ labels: placeOf(cell), value: cell[value] })),
    )
  const ofContracts = (value: 'findings' | 'drift' | 'dropped') =>
    several(({ contracts = [] }) =>
      contracts.map((cell) => ({
        labels: { service: cell.service, operation: cell.operation },
        value: cell[value],
      })),
    )
  const one = (value: number): Sample[] => [{ labels: {}, value }]

  return [
    counter(
      'rockpool_gateway_requests_total',
      'Requests for services, by who sent them and how they ended.',
      several(({ counters }) =>
        counters.requests.map(({ from, method, status, count, ...cell }) => ({
          labels: { ...placeOf(cell), from, method, status },
          value: count,
        })),
      ),
    ),
    {
      name: 'rockpool_gateway_request_duration_seconds',
      type: 'histogram',
      help: 'Seconds from the head of a request to the end of its answer, of those that were answered.',
      samples: several(({ counters }) =>
        counters.services.flatMap((cell) =>
          histogramOf(placeOf(cell), {
            bounds: durationBounds.map((ms) => ms / 1000),
            counts: cell.durations,
            sum: cell.durationMs / 1000,
          }),
        ),
      ),
    },
    counter(
      'rockpool_gateway_request_bytes_total',
      'Bytes of the bodies of requests.',
      ofServices('bytesIn'),
    ),
    counter(
      'rockpool_gateway_response_bytes_total',
      'Bytes of the bodies of answers.',
      ofServices('bytesOut'),
    ),
    counter(
      'rockpool_gateway_refusals_total',
      'Answers of the gateway itself, by the code of the problem.',
      several(({ counters }) =>
        counters.refused.map(({ code, count }) => ({ labels: { code }, value: count })),
      ),
    ),
    counter(
      'rockpool_gateway_contract_findings_total',
      'What was wrong with requests by the contracts of their services.',
      ofContracts('findings'),
    ),
    counter(
      'rockpool_gateway_contract_drift_total',
      'What was different in answers than the contracts of their services say, of those that were looked at.',
      ofContracts('drift'),
    ),
    counter(
      'rockpool_gateway_contract_answers_dropped_total',
      'Answers that were to be held against their contracts, and were not: there were too many at a time.',
      ofContracts('dropped'),
    ),
    counter(
      'rockpool_gateway_stripped_marks_total',
      'Forged marks that were taken out of requests and answers.',
      each(({ counters }) => counters.stripped),
    ),
    counter(
      'rockpool_gateway_log_lines_dropped_total',
      'Lines of the access log that nobody read in time.',
      each(({ logLinesDropped }) => logLinesDropped),
    ),
    gauge(
      'rockpool_gateway_up',
      'Whether it is connected to the control that was asked.',
      named.map((gateway) => ({
        labels: { gateway: nameOf(gateway) },
        value: Number(gateway.connected),
      })),
    ),
    gauge(
      'rockpool_gateway_ready',
      'Whether it tells load balancers that it serves.',
      each(({ notReady, draining }) => Number(notReady === null && !draining)),
    ),
    gauge(
      'rockpool_gateway_info',
      'What it is: always 1.',
      several(({ engine }) => [{ labels: { engine }, value: 1 }]),
    ),
    gauge(
      'rockpool_gateway_start_time_seconds',
      'When its process began, in seconds since 1970.',
      each(({ started }) => Date.parse(started) / 1000),
    ),
    gauge(
      'rockpool_gateway_snapshot_version',
      'The version of the snapshot that it decides by.',
      named.flatMap((gateway) =>
        gateway.connected && gateway.version !== null
          ? [{ labels: { gateway: nameOf(gateway) }, value: gateway.version }]
          : [],
      ),
    ),
    gauge(
      'rockpool_gateway_snapshot_as_of_timestamp_seconds',
      'When control last vouched for what it decides by, in seconds since 1970.',
      named.flatMap((gateway) => {
        const asOf = asOfOf(gateway)
        return asOf === null ? [] : [{ labels: { gateway: nameOf(gateway) }, value: asOf / 1000 }]
      }),
    ),
    gauge(
      'rockpool_gateway_cut_off',
      'Whether it refuses runs (1) or everybody (2), for its truth is too old.',
      named.map((gateway) => ({
        labels: { gateway: nameOf(gateway) },
        value: { nothing: 0, runs: 1, everything: 2 }[cutOffOf(gateway, now) ?? 'nothing'],
      })),
    ),
    gauge(
      'rockpool_gateway_snapshot_refused',
      'Whether it refused what control last sent.',
      each(({ refused }) => Number(refused !== null)),
    ),
    gauge(
      'rockpool_gateway_ledger_waiting',
      'Entries of the ledger that control has not got.',
      each(({ ledgerWaiting }) => ledgerWaiting),
    ),
    gauge(
      'rockpool_gateway_traffic_waiting',
      'Requests whose figures control has not got.',
      each(({ trafficWaiting }) => trafficWaiting),
    ),
    gauge(
      'rockpool_control_snapshot_version',
      'The newest version that control publishes.',
      one(control.version),
    ),
    gauge(
      'rockpool_control_snapshot_as_of_timestamp_seconds',
      'When control last read all that it publishes, in seconds since 1970.',
      one(control.asOf / 1000),
    ),
    gauge(
      'rockpool_control_snapshot_findings',
      'What control leaves out of it, for it is wrong.',
      one(control.findings),
    ),
    gauge(
      'rockpool_control_snapshot_entries',
      'How much it holds.',
      Object.entries(control.holds).map(([kind, value]) => ({ labels: { kind }, value: value as number })),
    ),
    gauge('rockpool_build_info', 'The release of Rockpool that control runs: always 1.', [
      { labels: { version: control.release }, value: 1 },
    ]),
  ]
}

const counter = (name: string, help: string, samples: Sample[]): Family => ({
  name,
  type: 'counter',
  help,
  samples,
})
const gauge = (name: string, help: string, samples: Sample[]): Family => ({
  name,
  type: 'gauge',
  help,
  samples,
})

/** A label that is empty counts as none: no service, or nobody known. */
const placeOf = ({ service, environment }: { service: string | null; environment: string | null }) => ({
  service: service ?? '',
  environment: environment ?? '',
})

/** Two of one name (the one from before may not have left yet) would be the same series twice. */
function newestOfName(gateways: readonly KnownGateway[]): KnownGateway[] {
  const startOf = ({ facts }: KnownGateway) => Date.parse(facts?.started ?? '') || 0
  return [...Map.groupBy(gateways, nameOf).values()].map(
    (group) => group.toSorted((a, b) => startOf(b) - startOf(a))[0]!,
  )
}
