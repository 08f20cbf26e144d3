import { shortId, took } from '../format.ts'
import type { KeptRequest } from './requests.ts'

/** One station of the gateway's decision. */
export interface Station {
  name: string
  text: string
  /** `here`: it was refused at this one; `after`: it never came so far. */
  is: 'passed' | 'here' | 'after'
  took: string
}

const stations = ['path', 'route', 'credential', 'organization', 'service'] as const
type StationName = (typeof stations)[number]

/** Where each refusal belongs, as far as it is not the organization's: the order is that of the decision. */
const refusedAt: readonly [StationName, RegExp][] = [
  [
    'path',
    /^(malformed_request|path_refused|headers_too_large|upgrade_refused|upgrade_version|gateway_not_ready)$/,
  ],
  ['route', /^(route_unknown|method_not_allowed|body_too_large)$/],
  ['credential', /^(credential_|gateway_cut_off|origin_refused|ticket_refused)/],
  ['service', /^(request_timeout|invalid_input$|service_unavailable|upstream_|fault_injected|internal$)/],
]

/** How a request went through the gateway: passed, refused here, never reached. Pure. */
export function wayOf(request: KeptRequest): Station[] {
  const { refused } = request
  const at =
    refused === null ? undefined : (refusedAt.find(([, codes]) => codes.test(refused))?.[0] ?? 'organization')
  const here = at === undefined ? stations.length : stations.indexOf(at)
  return stations.map((name, index) => ({
    name,
    text: index === here ? (refused ?? '') : textOf(name, request),
    is: index < here ? 'passed' : index === here ? 'here' : 'after',
    took: name === 'service' && request.upstreamMs !== null ? took(request.upstreamMs) : '',
  }))
}

function textOf(name: StationName, request: KeptRequest): string {
  const { stripped, service, method, path, credential, caller, organization, environment, actor } = request
  if (name === 'path')
    return stripped === 0 ? 'valid, no marks were forged' : `valid, ${stripped} forged marks were taken out`
  if (name === 'route') return service === null ? '' : `${service} ${method} ${path ?? ''}`
  if (name === 'credential') {
    if (credential === null) return 'none is needed here'
    return caller === null ? shortId(credential) : `${shortId(credential)}, ${caller} called on`
  }
  if (name === 'organization')
    return organization === null
      ? 'none is named'
      : `${organization}, ${environment}, ${actor ?? 'nobody known'}`
  return service === null ? '' : `${service} answered`
}
