import { join } from 'node:path'
import type { Clock, Log } from '../kernel/index.ts'
import { createAccessLog } from './access-log.ts'
import type { LineSink } from './access-log.ts'
import { createControlLink } from './control-link.ts'
import type { CutOff } from './ground.ts'
import { engines } from './engines/index.ts'
import type { EngineName } from './engines/index.ts'
import { createGateway } from './gateway.ts'
import { createSigner } from './identity.ts'
import { openLedger } from './ledger.ts'
import { createSignIn } from './sign-in.ts'
import { createState } from './state.ts'
import { createSubscriber } from './subscriber.ts'
import { counting, createTrafficCollector } from './traffic/collector.ts'

export interface GatewayProcessOptions {
  /** Stable and unique among the gateways of an installation. */
  name: string
  host: string
  /** 0: any free one. */
  port: number
  /** Control's origin, and the role token of the gateway. */
  controlUrl: string
  roleToken: string
  /** Of this gateway alone: the last good snapshot, the ledger. */
  folder: string
  /** Browsers reach it by https: whatever stands in front of it sees to that. */
  secure?: boolean
  accessLog: LineSink
  clock: Clock
  log: Log
  engine?: EngineName
  cutOff?: CutOff
}

export interface GatewayProcess {
  port: number
  /** Undefined: it serves. Else why not yet. */
  notReady(): string | undefined
  /** Finishes what is in flight within 5 s, ships the ledger, goes. */
  stop(): Promise<void>
}

/** One gateway, whole. It listens at once, and answers 503 with the reason until it may serve. */
export async function startGateway(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { clock, log, folder } = options
  const signer = createSigner()
  const { publicKey } = signer
  const control = createControlLink({ url: options.controlUrl, token: options.roleToken })
  const cutOff = options.cutOff === undefined ? {} : { cutOff: options.cutOff }
  const state = createState({ clock, kid: publicKey.kid, secure: options.secure ?? false, ...cutOff })
  const ledger = await openLedger({ folder: join(folder, 'ledger'), ship: control.ship, clock, log })
  const subscriber = createSubscriber({ state, control, publicKey, name: options.name, folder, clock, log })
  const traffic = createTrafficCollector({ ship: control.traffic, clock, log })
  const accessLog = counting(createAccessLog(options.accessLog), traffic)
  const onUsed = subscriber.used
  const signIn = createSignIn({ redeem: control.redeem, state, clock, log })
  const duties = createGateway({ state, signer, ledger, accessLog, clock, log, signIn, onUsed })
  const engine = engines[options.engine ?? 'node'](duties)
  const port = await engine.listen({ host: options.host, port: options.port })
  await subscriber.start()
  log.info({ port, key: publicKey.kid }, 'the gateway listens')

  return {
    port,
    notReady: state.notReady,
    async stop() {
      await engine.close(5_000)
      await Promise.all([ledger.close(), traffic.close()])
      await subscriber.stop()
      await control.close()
    },
  }
}
