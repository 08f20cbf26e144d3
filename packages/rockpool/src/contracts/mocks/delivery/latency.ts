import { problem } from '../../../kernel/index.ts'
import { member } from '../../json-object.ts'
import { Dice, emptyHash, hashOn } from '../../samples/dice.ts'
import type { Contract, Operation } from '../../types.ts'
import { mostDelayMs } from './faults.ts'

/** How late answers come, in milliseconds. */
export type Latency =
  | { kind: 'fixed'; ms: number }
  /** Log-normal: half of the answers come within `p50`, 99 of 100 within `p99`. */
  | { kind: 'spread'; p50: number; p99: number }
  /** As late as each operation may be by `x-rockpool-latency-ms`; of those that promise nothing at once. */
  | { kind: 'contract' }

/** Reads `200`, `50,400` or `contract`. @throws Problem `invalid_input` */
export function readLatency(text: string): Latency {
  if (text === 'contract') return { kind: 'contract' }
  const numbers = text.split(',').map((part) => (/^\s*\d{1,6}\s*$/.test(part) ? Number(part) : NaN))
  const [p50 = NaN, p99 = NaN] = numbers
  if (numbers.length === 1 && p50 <= mostDelayMs) return { kind: 'fixed', ms: p50 }
  if (numbers.length === 2 && p50 > 0 && p50 <= p99 && p99 <= mostDelayMs) return { kind: 'spread', p50, p99 }
  throw problem(
    'invalid_input',
    `the latency “${text.slice(0, 40)}” is none: it is milliseconds, such as 200; the median and the 99th percentile, such as 50,400; or “contract”. ${mostDelayMs} at most`,
  )
}

/** The standard normal distribution has 99 of 100 values below this. */
const z99 = 2.326_347_874

/** Milliseconds that the answer to one request is late: the same for the same seed, number and operation. Pure. */
export function latencyOf(
  latency: Latency,
  {
    seed,
    number,
    operation,
    contract,
  }: { seed: string; number: number; operation: Operation; contract: Contract },
): number {
  if (latency.kind === 'fixed') return latency.ms
  if (latency.kind === 'contract') return promisedMs(operation, contract)
  const { p50, p99 } = latency
  const dice = new Dice(hashOn(hashOn(emptyHash, seed), `latency ${number}`))
  // Box and Muller: two evenly spread numbers make a normal one. The first is never 0.
  const normal = Math.sqrt(-2 * Math.log(1 - dice.fraction())) * Math.cos(2 * Math.PI * dice.fraction())
  return Math.min(mostDelayMs, Math.round(p50 * Math.exp((normal * Math.log(p99 / p50)) / z99)))
}

function promisedMs({ extensions }: Operation, contract: Contract): number {
  const name = 'x-rockpool-latency-ms'
  const promised = member(extensions, name) ?? member(contract.extensions, name)
  return typeof promised === 'number' && promised > 0 ? Math.min(mostDelayMs, Math.round(promised)) : 0
}
