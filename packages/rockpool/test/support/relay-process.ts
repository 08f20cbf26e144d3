// A relay in a process of its own, for tests that kill it: node relay-process.ts '<json of RelayProcessOptions>'.
import {
  createEventSigner,
  createHttpConsumer,
  createRelay,
  goneOrganizations,
} from '../../src/events/index.ts'
import { openDatabase, silentLog, systemClock } from '../../src/kernel/index.ts'
import { createOrganizations } from '../../src/organizations/index.ts'

export interface RelayProcessOptions {
  /** Rockpool's own database. */
  url: string
  sources: { service: string; url: string }[]
  /** The one service that consumes `orders.*`. */
  consumer: { service: string; url: string }
}

const { url, sources, consumer } = JSON.parse(process.argv[2]!) as RelayProcessOptions
const database = openDatabase({ url, log: silentLog, applicationName: 'relay process', max: 8 })
const organizations = createOrganizations({ database, clock: systemClock, log: silentLog })
const relay = createRelay({
  database,
  sources,
  consumers: [
    createHttpConsumer({
      service: consumer.service,
      types: ['orders.*'],
      url: () => consumer.url,
      signer: createEventSigner((key) => organizations.signingKeys.register(key)),
      clock: systemClock,
    }),
  ],
  gone: goneOrganizations(organizations),
  clock: systemClock,
  log: silentLog,
})
await relay.start()
process.stdout.write('started\n')
