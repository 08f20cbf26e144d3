/**
 * Rockpool control API
 * Made from the contract: changes here are lost.
 */

export interface paths {
  '/bots/{bot}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['bots.get']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/bots': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['bots.list']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/ledger': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['bots.listRunLedger']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/put-back/{entry}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put: operations['bots.putBack']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/browser-ticket': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['checks.createBrowserTicket']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/finish': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['checks.finishRun']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/artifacts/{name}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['checks.getArtifact']
    put: operations['checks.putArtifact']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['checks.getRun']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/heartbeat': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['checks.heartbeatRun']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/checks': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['checks.list']
    put: operations['checks.register']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/effects': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['checks.listRunEffects']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['checks.listRuns']
    put?: never
    post: operations['checks.startRun']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/checks/{check}/runs': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['checks.requestRun']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/attempts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['checks.startAttempt']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/runs/{run}/artifacts/{name}/viewer': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['checks.viewTrace']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/approvals': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.listApprovals']
    put?: never
    post: operations['contracts.approve']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/versions/{version}/bundle': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.bundle']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/differences': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.compare']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/drift': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.drift']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/versions/{version}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.get']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/mock': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.getMock']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/versions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.history']
    put?: never
    post: operations['contracts.push']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.list']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/watchers': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.listWatchers']
    put?: never
    post: operations['contracts.watch']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contract-notices': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['contracts.notices']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/approvals/{approval}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    delete: operations['contracts.revokeApproval']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/watchers/{watcher}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    delete: operations['contracts.unwatch']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/contracts/{service}/weights': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['contracts.weigh']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/services/{service}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['deploys.getService']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/services': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['deploys.listServices']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/services/{service}/restart': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['deploys.restartService']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/services/{service}/start': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['deploys.startService']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/services/{service}/stop': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['deploys.stopService']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/sandboxes/{sandbox}/effects': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['effects.list']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/faults': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['faults.list']
    put?: never
    post: operations['faults.create']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/faults/{fault}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    delete: operations['faults.end']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/gateways': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['gateways.list']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/metrics': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['gateways.metrics']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/gateway/resolve': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['gateways.resolve']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/gateway/routes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['gateways.routes']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/live': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['live.open']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/organizations/{organization}/members': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['organizations.listMembers']
    put?: never
    post: operations['organizations.addMember']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/organizations': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['organizations.list']
    put?: never
    post: operations['organizations.create']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/organizations/{organization}/credentials': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['organizations.listCredentials']
    put?: never
    post: operations['organizations.createKey']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/organizations/{organization}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['organizations.get']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/login': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['organizations.logIn']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/organizations/{organization}/members/{member}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    delete: operations['organizations.removeMember']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/organizations/{organization}/credentials/{credential}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    delete: operations['organizations.revokeCredential']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/services/{service}/releases/{release}/drain': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['releases.drain']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/services/{service}/releases': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['releases.list']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch: operations['releases.weigh']
    trace?: never
  }
  '/services/{service}/releases/{release}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put: operations['releases.put']
    post?: never
    delete: operations['releases.remove']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/requests/{request}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['requests.get']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/requests': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['requests.recent']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/requests/summary': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['requests.summary']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/sandboxes': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['sandboxes.list']
    put?: never
    post: operations['sandboxes.create']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/sandboxes/{sandbox}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['sandboxes.get']
    put?: never
    post?: never
    delete: operations['sandboxes.delete']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/sandboxes/{sandbox}/receipt': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['sandboxes.getReceipt']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/ledger': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['sandboxes.listLedger']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/sandboxes/{sandbox}/mocks': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['sandboxes.listMocks']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/sandboxes/{sandbox}/mocks/{service}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put: operations['sandboxes.mock']
    post?: never
    delete: operations['sandboxes.unmock']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/secrets': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['secrets.list']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/secrets/{secret}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put: operations['secrets.set']
    post?: never
    delete: operations['secrets.remove']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/sign-in-links': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post: operations['session.createLink']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/session': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['session.get']
    put?: never
    post: operations['session.signIn']
    delete: operations['session.signOut']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/status': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get: operations['status.get']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}

export type webhooks = { [key: string]: never }

export interface components {
  schemas: {
    /** RFC 9457 problem details */
    Problem: {
      /** @format uri */
      type: string
      title: string
      status: number
      detail: string
      /** stable */
      code:
        | 'invalid_input'
        | 'malformed_request'
        | 'unsupported_media_type'
        | 'not_acceptable'
        | 'body_too_large'
        | 'request_timeout'
        | 'headers_too_large'
        | 'config_invalid'
        | 'not_found'
        | 'conflict'
        | 'contract_breaks'
        | 'host_refused'
        | 'credential_missing'
        | 'credential_unknown'
        | 'credential_ended'
        | 'token_refused'
        | 'scope_missing'
        | 'organization_unknown'
        | 'organization_not_allowed'
        | 'organization_required'
        | 'organization_deleted'
        | 'environment_mismatch'
        | 'environment_fixed'
        | 'identity_missing'
        | 'identity_refused'
        | 'ticket_refused'
        | 'origin_refused'
        | 'grant_missing'
        | 'budget_spent'
        | 'write_refused'
        | 'too_many_requests'
        | 'rate_limited'
        | 'route_unknown'
        | 'release_unknown'
        | 'method_not_allowed'
        | 'path_refused'
        | 'upgrade_refused'
        | 'upgrade_version'
        | 'fault_injected'
        | 'service_unavailable'
        | 'upstream_unreachable'
        | 'upstream_failed'
        | 'answer_unfit'
        | 'upstream_timeout'
        | 'overloaded'
        | 'circuit_open'
        | 'token_unjudged'
        | 'gateway_cut_off'
        | 'gateway_not_ready'
        | 'mock_unable'
        | 'database_unreachable'
        | 'control_unreachable'
        | 'deadline_exceeded'
        | 'already_running'
        | 'not_possible_here'
        | 'internal'
      /** id of the request, as in the log */
      request?: string
      /** everything that is wrong, at once */
      findings?: {
        path: string
        message: string
      }[]
    }
    Bot: {
      name: string
      file: string
      line: number
      /** milliseconds between its runs */
      every: number
      running: boolean
      /** the production organization that it is a customer of */
      organization: string | null
      /** null: the configuration grants nothing, and it does not run */
      grant: {
        writes: {
          perRun: number
          perHour: number
          /** in the last hour: made, or lent to a run that is under way or ended within half a minute */
          used: number
        }
        /** the beginning and the end of its token */
        card: string | null
        why: string
      } | null
      /** things that its ended runs made and nobody put back; 10 000: or more */
      debt: number
      lastComplete: {
        run: string
        /** @format date-time */
        at: string
        ms: number | null
      } | null
      /** the last run that said something */
      latest: {
        run: string
        verdict: 'pass' | 'fail' | 'uncheckable'
        /** @format date-time */
        at: string
        message: string | null
      } | null
      /** its last 30 runs that said something, the oldest first */
      runs: {
        run: string
        verdict: 'pass' | 'fail' | 'uncheckable'
        /**
         * when it ended
         * @format date-time
         */
        at: string
        ms: number | null
      }[]
    }
    LedgerEntry: {
      id: string
      run: string | null
      organization: string
      service: string
      method: string
      path: string
      idempotencyKey: string | null
      /** @format date-time */
      at: string
      status: number | null
      location: string | null
      /** `id` of the answer */
      resource: string | null
      outcome: 'intent' | 'done' | 'doubtful'
    }
    Run: {
      id: string
      /** a check runs in sandboxes, a bot in production */
      kind: 'check' | 'bot'
      /** name of the check or the bot */
      check: string
      trigger: 'command' | 'schedule'
      /** the time that the schedule meant */
      slot: string | null
      parent: string
      startedBy: string | null
      /** @format date-time */
      startedAt: string
      /** @format date-time */
      leaseUntil: string
      endedAt: string | null
      /** lease: its runner was lost; stopped: before anything could be said */
      endedBy: 'runner' | 'lease' | 'stopped' | null
      verdict: 'pass' | 'fail' | 'uncheckable' | null
      ms: number | null
      /** what Rockpool knows about the cause */
      why: string[]
      attempts: {
        number: number
        verdict: 'pass' | 'fail' | 'uncheckable'
        /** @format date-time */
        startedAt: string
        ms: number
        organization: string | null
        failure: {
          kind: 'assertion' | 'deadline' | 'error' | 'exited' | 'memory'
          message: string
          /** where it happened, the outermost first */
          steps: string[]
          place: {
            file: string
            line: number
          } | null
          frame: {
            line: number
            text: string
          }[]
          expected: string | null
          actual: string | null
        } | null
        obstacle: {
          message: string
          steps: string[]
          place: {
            file: string
            line: number
          } | null
          retry: boolean
          /** all that is missing is an optional program of a service */
          optional: boolean
        } | null
        evidence: {
          entries: (
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'step'
                name: string
                failed: boolean
              }
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'call'
                service: string
                operation: string
                method: string
                path: string
                url: string
                status: number | null
                /** set where the gateway answered instead of the service */
                problem: string | null
                error: string | null
                request: {
                  headers: { [key: string]: string }
                  /** sensitive values replaced; absent where there is none */
                  body?: unknown
                  /** length of a body that was cut */
                  cut: number | null
                }
                answer: {
                  headers: { [key: string]: string }
                  /** sensitive values replaced; absent where there is none */
                  body?: unknown
                  /** length of a body that was cut */
                  cut: number | null
                } | null
                poll: {
                  predicate: string
                  answers: number
                  statuses: { [key: string]: number }
                  satisfied: boolean
                } | null
              }
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'probe'
                probe: string
                tries: number
                satisfied: boolean
              }
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'effects'
                name: string
                count: number | null
              }
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'console'
                stream: 'stdout' | 'stderr'
                text: string
              }
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'screenshot'
                /** name of the run’s artifact; null: it could not be kept */
                artifact: string | null
              }
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'trace'
                /** name of the run’s artifact; null: it could not be kept */
                artifact: string | null
              }
            | {
                id: number
                /** the step it belongs to */
                parent: number | null
                /** milliseconds from the beginning of the attempt */
                at: number
                /** null: it never came to its end */
                ms: number | null
                place: {
                  file: string
                  line: number
                } | null
                type: 'finding'
                kind: 'console' | 'request'
                text: string
                /** the script or the request */
                url: string
              }
          )[]
          /** what was too much to keep */
          left: {
            entries: number
            console: number
            bodies: number
          }
        }
      }[]
      /** since when the check’s verdict is the same */
      since: string | null
      sandboxes: {
        slug: string
        state: 'active' | 'deleting' | 'deleted' | 'residue'
        /** id of the receipt of its deletion */
        receipt: string | null
      }[]
    }
    Check: {
      name: string
      file: string
      line: number
      /** milliseconds between its runs */
      every: number | null
      cron: string | null
      timeout: number
      tags: string[]
      running: boolean
      latest: {
        run: string
        verdict: 'pass' | 'fail' | 'uncheckable'
        /**
         * when it ended
         * @format date-time
         */
        at: string
        ms: number | null
        attempts: number
        /** of the failure, or of what stood in the way */
        message: string | null
        optional: boolean
        why: string[]
        /**
         * since when its verdict is the same
         * @format date-time
         */
        since: string
      } | null
      /** its last 30 runs that said something, the oldest first */
      runs: {
        run: string
        verdict: 'pass' | 'fail' | 'uncheckable'
        /**
         * when it ended
         * @format date-time
         */
        at: string
        ms: number | null
      }[]
    }
    RunSummary: {
      id: string
      /** a check runs in sandboxes, a bot in production */
      kind: 'check' | 'bot'
      /** name of the check or the bot */
      check: string
      trigger: 'command' | 'schedule'
      /** the time that the schedule meant */
      slot: string | null
      parent: string
      startedBy: string | null
      /** @format date-time */
      startedAt: string
      /** @format date-time */
      leaseUntil: string
      endedAt: string | null
      /** lease: its runner was lost; stopped: before anything could be said */
      endedBy: 'runner' | 'lease' | 'stopped' | null
      verdict: 'pass' | 'fail' | 'uncheckable' | null
      ms: number | null
      /** what Rockpool knows about the cause */
      why: string[]
      attempts: {
        number: number
        verdict: 'pass' | 'fail' | 'uncheckable'
        /** @format date-time */
        startedAt: string
        ms: number
        organization: string | null
        failure: {
          kind: 'assertion' | 'deadline' | 'error' | 'exited' | 'memory'
          message: string
          /** where it happened, the outermost first */
          steps: string[]
          place: {
            file: string
            line: number
          } | null
          frame: {
            line: number
            text: string
          }[]
          expected: string | null
          actual: string | null
        } | null
        obstacle: {
          message: string
          steps: string[]
          place: {
            file: string
            line: number
          } | null
          retry: boolean
          /** all that is missing is an optional program of a service */
          optional: boolean
        } | null
      }[]
    }
    ContractApproval: {
      id: string
      service: string
      fingerprint: string
      /** what ran in production when it was approved */
      base: string | null
      reason: string
      approvedBy: string
      /** @format date-time */
      approvedAt: string
      endsAt: string | null
      revokedBy: string | null
      revokedAt: string | null
    }
    ContractVersion: {
      id: number
      service: string
      /** the hash of its contents */
      address: string
      /** null: nobody gave it one */
      name: string | null
      kind: 'version' | 'revision' | null
      branch: string | null
      branchEndsAt: string | null
      pushedBy: string
      /** @format date-time */
      pushedAt: string
      note: string | null
      title: string
      /** `info.version`, as it is written */
      infoVersion: string
      format: 'Swagger 2.0' | 'OpenAPI 3.0' | 'OpenAPI 3.1' | 'OpenAPI 3.2' | 'api.json' | 'service.json'
      operations: number
      schemas: number
      /** in production now; release null: at the service’s own address */
      running: {
        release: string | null
        /** @format date-time */
        since: string
      }[]
    }
    ContractDifference: {
      weight: string
      wire: 'breaks' | 'may break' | 'keeps'
      source: 'breaks' | 'keeps'
      meaning: 'changes' | 'keeps'
      /** of rule, place and values: not of wording, lines or order */
      fingerprint: string
      rule: string
      /** null: it is in what operations share */
      operation: string | null
      place: string
      sentence: string
      /** operations that meet it, some of them */
      uses: string[]
      usesInAll: number
      /** how to keep what was promised */
      advice: string | null
      /** whom it meets in production; null: nobody watches */
      traffic: components['schemas']['ContractMet'] | null
      /** the same in words; null: there is nothing to say */
      met: string | null
      /** null: this side says nothing of it */
      before: {
        file: string
        line: number
        pointer: string
        /** as they were pushed, less the indentation that all of them have; empty without `lines` */
        lines: {
          line: number
          /** 200 characters at most */
          text: string
        }[]
      } | null
      /** null: this side says nothing of it */
      after: {
        file: string
        line: number
        pointer: string
        /** as they were pushed, less the indentation that all of them have; empty without `lines` */
        lines: {
          line: number
          /** 200 characters at most */
          text: string
        }[]
      } | null
      /** what lets it pass now */
      approval: components['schemas']['ContractApproval'] | null
    }
    ContractMet:
      | {
          deed:
            | 'called this operation'
            | 'sent this field'
            | 'did not send this field'
            | 'sent this value'
            | 'sent this kind'
            | 'sent a body'
            | 'sent no body'
            | 'sent members that are not told'
          /** at least so many, where isMore */
          organizations: number
          isMore: boolean
          calls: number
          /** @format date */
          firstSeen: string
          /** @format date */
          lastSeen: string
          /** ten at most, those with the most calls first */
          names: string[]
          days: number
          /** @format date */
          today: string
        }
      | string
      | 'unknown'
    ContractPatch: {
      file: string
      /** JSON Patch (RFC 6902) */
      operations: {
        op: 'add'
        path: string
        value: components['schemas']['__schema0']
      }[]
      /** unified; null: the text has no place where it could be put */
      diff: string | null
    }
    __schema0: __schema0
    ContractNotice: {
      id: number
      watcher: components['schemas']['ContractWatcher']
      push: {
        service: string
        address: string
        name: string | null
        pushedBy: string
        /** @format date-time */
        pushedAt: string
      }
      /** address of what it was compared with */
      base: string
      /** differences by weight */
      counts: { [key: string]: number }
      /** the worst, 50 at most */
      differences: {
        weight: string
        /** of rule, place and values: not of wording, lines or order */
        fingerprint: string
        rule: string
        /** null: it is in what operations share */
        operation: string | null
        place: string
        sentence: string
      }[]
      /** what became of it at the watcher’s address; null: it had none */
      delivery: components['schemas']['ContractDelivery'] | null
    }
    ContractWatcher: {
      id: string
      service: string
      watchedBy: string
      /** the service that calls it, for which somebody watches */
      consumer: string | null
      /** @format date-time */
      since: string
      /** where notices are sent, without its query; null: nowhere */
      to: string | null
      /** since when nothing is sent there any more, because it answered 410 */
      goneAt: string | null
    }
    ContractDelivery: {
      state: 'waiting' | 'told' | 'given up'
      /** that were begun */
      attempts: number
      toldAt: string | null
      /** when it is tried next; null: it is over */
      nextAt: string | null
      /** why the last attempt failed that did */
      failure: string | null
      failedAt: string | null
    }
    ContractBreak: {
      /** of rule, place and values: not of wording, lines or order */
      fingerprint: string
      rule: string
      /** null: it is in what operations share */
      operation: string | null
      place: string
      sentence: string
      /** operations that meet it, some of them */
      uses: string[]
      usesInAll: number
      /** how to keep what was promised */
      advice: string | null
      /** whom it meets in production; null: nobody watches */
      traffic: components['schemas']['ContractMet'] | null
      /** the same in words; null: there is nothing to say */
      met: string | null
      file: string | null
      line: number | null
      approval: string | null
    }
    Service: {
      name: string
      /** a remote one runs elsewhere; third parties of a demo are not routed */
      kind: 'service' | 'remote' | 'third-party'
      /** what was asked for */
      desired: 'running' | 'stopped'
      /** who asked; null: the configuration */
      desiredBy: string | null
      /** raised by each restart that is asked for */
      generation: number
      state: 'running' | 'starting' | 'stopped' | 'failed' | 'unavailable'
      /** why it is not running */
      reason: string | null
      url: string | null
      pid: number | null
      /**
       * when it came into this state
       * @format date-time
       */
      since: string
      /** behind `generation` while a restart is under way */
      observedGeneration: number
    }
    EffectRecord: {
      id: string
      /** such as `bank.charge` */
      name: string
      organization: string
      environment: 'production' | 'sandbox'
      actor: 'customer' | 'anonymous' | 'service' | 'member' | 'check' | 'bot' | 'load' | 'drill' | 'example'
      run: string | null
      /** the service that called it */
      service: string
      /** `started`: its end is not known */
      outcome: 'started' | 'done' | 'stood in' | 'denied' | 'failed'
      /** sensitive values replaced */
      arguments: unknown
      error: string | null
      /** @format date-time */
      at: string
      endedAt: string | null
    }
    Fault: {
      id: string
      service: string
      /** null: every one of the service */
      operation: string | null
      /** unavailable: 503; slow: 3 s late; delay: as late as `ms` says; abort: the connection is reset before any answer; status: answered with it; wrong_field: a field of the JSON answer is another; reset: the connection is reset within the answer; throttle: the answer comes slowly */
      kind: 'unavailable' | 'slow' | 'delay' | 'abort' | 'status' | 'wrong_field' | 'reset' | 'throttle'
      /** delay: milliseconds until a call goes on */
      ms?: number
      /** delay: up to so many more, at random */
      jitterMs?: number
      /** status: answered with it, and without a body */
      status?: number
      /** wrong_field: which field of the JSON answer, as a JSON pointer */
      pointer?: string
      /** wrong_field: what it becomes */
      value?: unknown
      /** wrong_field: it is left out */
      drop?: true
      /** reset: after so many bytes of the body */
      afterBytes?: number
      /** throttle: of the body, at most */
      bytesPerSecond?: number
      /** of its calls, so many in a hundred are hit */
      percent: number
      /** the run that it is for; null: for all checks in sandboxes */
      run: string | null
      /** the sandbox of that run */
      organization: string | null
      createdBy: string
      /** @format date-time */
      createdAt: string
      /** @format date-time */
      endsAt: string
    }
    Gateway: {
      /** of one process; another each time it starts */
      gateway: string
      name: string
      /** to the control that was asked */
      connected: boolean
      /** when it last told of itself; null: never */
      heard: string | null
      /** of the snapshot that it decides by; null: it has none */
      version: number | null
      /** when control last vouched for that */
      asOf: string | null
      /** what it refuses because its truth is too old */
      cutOff: 'runs' | 'everything' | null
      /** why it does not serve; null: it serves */
      notReady: string | null
      /** it is stopping */
      draining: boolean
      engine: string | null
      addresses: string[]
      /** kid of its signing key */
      key: string | null
      started: string | null
      holds: {
        organizations: number
        credentials: number
        services: number
        routes: number
      } | null
      /** entries of the ledger that control has not got */
      ledgerWaiting: number | null
      /** requests whose figures control has not got */
      trafficWaiting: number | null
      logLinesDropped: number | null
      /** what it did not take of what control last sent */
      refused: {
        /** @format date-time */
        at: string
        findings: {
          path: string
          message: string
        }[]
      } | null
    }
    Resolution: {
      outcome: 'forward' | 'options' | 'refuse'
      /** of the refusal */
      code: string | null
      /** of the refusal */
      status: number | null
      detail: string | null
      /** what the path is served for */
      allow: string[] | null
      service: string | null
      route: {
        method: string
        path: string
        operationId: string
        anonymous: boolean
      } | null
      parameters: { [key: string]: string }
      /** null also where any would do */
      organization: {
        slug: string
        environment: 'production' | 'sandbox'
        status: 'active' | 'deleting' | 'deleted'
      } | null
      /** what the service would be told */
      identity: {
        environment: 'production' | 'sandbox'
        actor: string
        run: string | null
      } | null
      upstream: {
        /** null for who is bound to one organization */
        url: string | null
        target: string
        deadlineMs: number
        delayMs: number
      } | null
      steps: {
        step: 'path' | 'route' | 'credential' | 'organization' | 'upstream' | 'fault' | 'contract'
        is: 'passed' | 'refused' | 'not reached'
        text: string
      }[]
      /** what would become of it with each kind of credential */
      byKind: {
        kind: 'anonymous' | 'live' | 'sandbox' | 'run' | 'session' | 'service'
        outcome: 'forward' | 'options' | 'refuse'
        /** of the refusal */
        code: string | null
      }[]
      /** of what it was decided by */
      version: number
      /** @format date-time */
      asOf: string
    }
    GatewayRoute: {
      method: string
      /** the template */
      path: string
      service: string
      operationId: string
      /** no credential is needed */
      anonymous: boolean
      /** of the service */
      state: 'running' | 'starting' | 'stopped' | 'failed' | 'unavailable'
      /** why it does not run; null for who is bound to one organization */
      reason: string | null
    }
    Member: {
      id: string
      organization: string
      email: string
      role: 'owner' | 'developer' | 'viewer'
      /** @format date-time */
      createdAt: string
    }
    Organization: {
      slug: string
      name: string
      /** fixed for ever when the organization is created */
      environment: 'production' | 'sandbox'
      /** the organization that a sandbox belongs to */
      parent: string | null
      status: 'active' | 'deleting' | 'deleted'
      /** @format date-time */
      createdAt: string
    }
    NewCredential: {
      credential: components['schemas']['Credential']
      /** shown once, and stored nowhere */
      text: string
    }
    Credential: {
      id: string
      kind: 'live' | 'sandbox' | 'run' | 'session' | 'service' | 'control'
      /** its beginning and its end */
      hint: string
      name: string | null
      organization: string | null
      /** one organization, all sandboxes of a parent, or none of its own */
      allows:
        | {
            organization: string
          }
        | {
            sandboxesOf: string
          }
        | {
            none: true
          }
      environment: 'production' | 'sandbox' | null
      /** Read-only: it stands in responses alone. */
      scopes: string[]
      member: string | null
      /** @format date-time */
      createdAt: string
      endsAt: string | null
      revokedAt: string | null
      lastUsedAt: string | null
    }
    Release: {
      service: string
      name: string
      /** an origin */
      url: string
      /** its share of the organizations is this over the sum of all; 0: for verified callers alone */
      weight: number
      state: 'running' | 'draining'
      /** null: it runs */
      drain: {
        /** @format date-time */
        since: string
        /** nothing leads to it any more: its process may be stopped */
        done: boolean
        /** gateways that have not said so */
        waiting: string[]
      } | null
      createdBy: string
      /** @format date-time */
      createdAt: string
      changedBy: string
      /** @format date-time */
      changedAt: string
    }
    Request: {
      id: string
      kind: 'failed' | 'refused' | 'rest'
      /** @format date-time */
      at: string
      trace: string
      method: string
      /** the route’s template; null: no service has it */
      path: string | null
      service: string | null
      /**
       * of the service; null: the service itself took it
       * @default null
       */
      release: string | null
      /**
       * host:port that took it; null: none, or not for who asks, who is bound to an organization
       * @default null
       */
      upstream: string | null
      /** null: the client left before an answer began */
      status: number | null
      organization: string | null
      /** of a sandbox */
      parent: string | null
      environment: 'production' | 'sandbox' | null
      actor:
        | 'customer'
        | 'anonymous'
        | 'service'
        | 'member'
        | 'check'
        | 'bot'
        | 'load'
        | 'drill'
        | 'example'
        | null
      /** `own`: of checks, bots and others that run for Rockpool, and everything in sandboxes */
      side: 'customers' | 'own'
      run: string | null
      /** its id */
      credential: string | null
      /** the service that called on */
      caller: string | null
      bytesIn: number
      bytesOut: number
      /** from its head to its end */
      ms: number
      /**
       * until it was let through to a service; null: it was not, or nobody knows
       * @default null
       */
      decideMs: number | null
      /**
       * then, until there was a connection to the service; 0: one was free; null: none was asked for
       * @default null
       */
      connectMs: number | null
      /** then, until the service’s answer began; null: it never did. What is left of ms is the sending */
      upstreamMs: number | null
      /**
       * how many times it was sent again on another connection
       * @default 0
       */
      retries: number
      /** code of the gateway’s own answer */
      refused: string | null
      /** who broke it off: client, upstream or deadline */
      aborted: string | null
      /** forged marks that were taken out */
      stripped: number
    }
    RequestSummary: {
      /** @format date-time */
      from: string
      /** @format date-time */
      to: string
      /** seconds between two points of the series */
      step: number
      totals: {
        /** all that came from outside: customers’ and Rockpool’s own */
        all: components['schemas']['RequestFigures']
        customers: components['schemas']['RequestFigures']
        own: components['schemas']['RequestFigures']
        /** what services called on; part of the others, and not counted among them */
        inside: components['schemas']['RequestFigures']
        /** counted by a gateway that could not tell the rest for too long */
        dropped: number
      }
      services: {
        /** null: no service has the route */
        service: string | null
        /** null: it was not known who called */
        environment: 'production' | 'sandbox' | null
        customers: components['schemas']['RequestFigures']
        own: components['schemas']['RequestFigures']
        inside: components['schemas']['RequestFigures']
      }[]
      actors: {
        count: number
        /** answers of 500 and more */
        errors: number
        /** answers of 400 to 499 */
        refused: number
        /** the client left before an answer began */
        gone: number
        /** milliseconds, exact up to 8 and above to within a fifth; null: nothing was answered */
        p50: number | null
        /** milliseconds, exact up to 8 and above to within a fifth; null: nothing was answered */
        p95: number | null
        /** milliseconds, exact up to 8 and above to within a fifth; null: nothing was answered */
        p99: number | null
        actor:
          | 'customer'
          | 'anonymous'
          | 'service'
          | 'member'
          | 'check'
          | 'bot'
          | 'load'
          | 'drill'
          | 'example'
          | null
        environment: 'production' | 'sandbox' | null
        /** `own`: of checks, bots and others that run for Rockpool, and everything in sandboxes */
        side: 'customers' | 'own'
      }[]
      /** a step that is not there had no requests, or nobody counted them */
      series: {
        /** @format date-time */
        at: string
        customers: components['schemas']['RequestFigures']
        own: components['schemas']['RequestFigures']
        dropped: number
      }[]
      reconciled: {
        /**
         * when a gateway last told something
         * @format date-time
         */
        at: string
        /** in the whole installation; null: who asks sees less than that */
        told: number | null
        /** of what gateways told of, what is not here */
        missing: number
      } | null
    }
    RequestFigures: {
      count: number
      /** answers of 500 and more */
      errors: number
      /** answers of 400 to 499 */
      refused: number
      /** the client left before an answer began */
      gone: number
      /** milliseconds, exact up to 8 and above to within a fifth; null: nothing was answered */
      p50: number | null
      /** milliseconds, exact up to 8 and above to within a fifth; null: nothing was answered */
      p95: number | null
      /** milliseconds, exact up to 8 and above to within a fifth; null: nothing was answered */
      p99: number | null
    }
    NewSandbox: {
      sandbox: components['schemas']['Sandbox']
      /** its sandbox key; stored nowhere */
      key: string
    }
    Sandbox: {
      /** its name as an organization, everywhere */
      slug: string
      parent: string
      name: string
      /** the run that it was made for; its end deletes it */
      run: string | null
      createdBy: string | null
      /** @format date-time */
      createdAt: string
      /**
       * when its time to live is over, and it is deleted
       * @format date-time
       */
      endsAt: string
      state: 'active' | 'deleting' | 'deleted' | 'residue'
      deletingAt: string | null
      deletingBecause: 'asked' | 'ended' | 'run ended' | null
      deletedAt: string | null
      /** how often its services were asked to erase, while it is `deleting` */
      passes: number
      /** what its deletion waits for */
      waiting: {
        service: string
        reason: string
      }[]
    }
    Receipt: {
      id: string
      sandbox: string
      parent: string
      run: string | null
      /** @format date-time */
      createdAt: string
      /** @format date-time */
      deletingAt: string
      /**
       * when the last count was taken
       * @format date-time
       */
      at: string
      /** every counted table was at zero */
      complete: boolean
      passes: number
      /** services that could not erase, and why */
      refusals: {
        service: string
        reason: string
      }[]
      services: {
        service: string
        tables: {
          table: string
          /** rows before anything was erased; null: the table was not there then */
          before: number | null
          after: number
        }[]
        /** tables without a column `organization`: nobody looked into them */
        unchecked: string[]
      }[]
      /** Rockpool’s own tables */
      rockpool: {
        table: string
        /** rows before anything was erased; null: the table was not there then */
        before: number | null
        after: number
      }[]
      /** what stays by design */
      remains: {
        what: string
        why: string
      }[]
    }
    SandboxMock: {
      id: string
      /** the sandbox */
      organization: string
      service: string
      /** of the contract that it answers by */
      address: string
      version: string
      seed: string
      /** the member, the run, or the credential */
      askedBy: string
      /** @format date-time */
      askedAt: string
    }
    AskedSandboxMock: {
      id: string
      /** the sandbox */
      organization: string
      service: string
      /** of the contract that it answers by */
      address: string
      version: string
      seed: string
      /** the member, the run, or the credential */
      askedBy: string
      /** @format date-time */
      askedAt: string
      /** of the version, as they are called in this sandbox from now on */
      operations: {
        id: string
        method: string
        path: string
      }[]
    }
    Secret: {
      name: string
      /** raised by each value that replaces another */
      version: number
      setBy: string | null
      /** @format date-time */
      setAt: string
      /** the run that took it last */
      takenBy: string | null
      takenAt: string | null
    }
    Session: {
      /** the member’s address, or “installation owner” */
      name: string
      /** what it is bound to; null: the whole installation */
      organization: string | null
      role: 'owner' | 'developer' | 'viewer' | null
      /** Read-only: it stands in responses alone. */
      scopes: ('read' | 'write' | 'admin')[]
      endsAt: string | null
    }
    NewSession: {
      /** the member’s address, or “installation owner” */
      name: string
      /** what it is bound to; null: the whole installation */
      organization: string | null
      role: 'owner' | 'developer' | 'viewer' | null
      /** Read-only: it stands in responses alone. */
      scopes: ('read' | 'write' | 'admin')[]
      endsAt: string | null
      key: string
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}

export type $defs = { [key: string]: never }

export interface operations {
  /** Get a bot */
  'bots.get': {
    parameters: {
      query?: never
      header?: never
      path: {
        /** its name */
        bot: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get a bot */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Bot']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the bots, each with its grant, its debt and its last complete lifecycle */
  'bots.list': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the bots, each with its grant, its debt and its last complete lifecycle */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Bot'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List what a run wrote so far, by the gateways’ word */
  'bots.listRunLedger': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List what a run wrote so far, by the gateways’ word */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['LedgerEntry'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Say that a run of a bot put back what an earlier run of it made */
  'bots.putBack': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
        /**
         * id in the ledger
         * @format uuid
         */
        entry: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Say that a run of a bot put back what an earlier run of it made */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Make a ticket with which a browser signs in at the gateway as this run, once
   * The session touches what the run’s own credential touches, and ends with it. The ticket is exchanged within a minute at /.rockpool/sign-in of the gateway.
   */
  'checks.createBrowserTicket': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          organization: string
        }
      }
    }
    responses: {
      /** Make a ticket with which a browser signs in at the gateway as this run, once */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            ticket: string
            /** @format date-time */
            endsAt: string
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** End a run with its verdict and its evidence */
  'checks.finishRun': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** null: it was stopped before anything could be said */
          verdict: 'pass' | 'fail' | 'uncheckable' | null
          attempts: {
            number: number
            verdict: 'pass' | 'fail' | 'uncheckable'
            /** @format date-time */
            startedAt: string
            ms: number
            organization: string | null
            failure: {
              kind: 'assertion' | 'deadline' | 'error' | 'exited' | 'memory'
              message: string
              /** where it happened, the outermost first */
              steps: string[]
              place: {
                file: string
                line: number
              } | null
              frame: {
                line: number
                text: string
              }[]
              expected: string | null
              actual: string | null
            } | null
            obstacle: {
              message: string
              steps: string[]
              place: {
                file: string
                line: number
              } | null
              retry: boolean
              /** all that is missing is an optional program of a service */
              optional: boolean
            } | null
            evidence: {
              entries: (
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'step'
                    name: string
                    failed: boolean
                  }
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'call'
                    service: string
                    operation: string
                    method: string
                    path: string
                    url: string
                    status: number | null
                    /** set where the gateway answered instead of the service */
                    problem: string | null
                    error: string | null
                    request: {
                      headers: { [key: string]: string }
                      /** sensitive values replaced; absent where there is none */
                      body?: unknown
                      /** length of a body that was cut */
                      cut: number | null
                    }
                    answer: {
                      headers: { [key: string]: string }
                      /** sensitive values replaced; absent where there is none */
                      body?: unknown
                      /** length of a body that was cut */
                      cut: number | null
                    } | null
                    poll: {
                      predicate: string
                      answers: number
                      statuses: { [key: string]: number }
                      satisfied: boolean
                    } | null
                  }
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'probe'
                    probe: string
                    tries: number
                    satisfied: boolean
                  }
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'effects'
                    name: string
                    count: number | null
                  }
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'console'
                    stream: 'stdout' | 'stderr'
                    text: string
                  }
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'screenshot'
                    /** name of the run’s artifact; null: it could not be kept */
                    artifact: string | null
                  }
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'trace'
                    /** name of the run’s artifact; null: it could not be kept */
                    artifact: string | null
                  }
                | {
                    id: number
                    /** the step it belongs to */
                    parent: number | null
                    /** milliseconds from the beginning of the attempt */
                    at: number
                    /** null: it never came to its end */
                    ms: number | null
                    place: {
                      file: string
                      line: number
                    } | null
                    type: 'finding'
                    kind: 'console' | 'request'
                    text: string
                    /** the script or the request */
                    url: string
                  }
              )[]
              /** what was too much to keep */
              left: {
                entries: number
                console: number
                bodies: number
              }
            }
          }[]
          /**
           * wait so long for the receipts of its sandboxes
           * @default 0
           */
          waitMs?: number
        }
      }
    }
    responses: {
      /** End a run with its verdict and its evidence */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Run']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get a picture or a trace of a run */
  'checks.getArtifact': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
        name: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get a picture or a trace of a run */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'image/png': unknown
          'application/zip': unknown
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Keep a picture or a trace of a run, while it lasts */
  'checks.putArtifact': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
        name: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'image/png': unknown
        'application/zip': unknown
      }
    }
    responses: {
      /** Keep a picture or a trace of a run, while it lasts */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get a run with its evidence */
  'checks.getRun': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get a run with its evidence */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Run']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Extend the lease of a run */
  'checks.heartbeatRun': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Extend the lease of a run */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * List the checks, each with its last verdict
   * A credential that is bound to an organization sees the checks that ran on it, and those runs.
   */
  'checks.list': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the checks, each with its last verdict */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Check'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Say which checks, or which bots, there are */
  'checks.register': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @default "check" */
          kind?: 'check' | 'bot'
          checks: {
            name: string
            file: string
            line: number
            every: number | null
            cron: string | null
            timeout: number
            tags: string[]
          }[]
          /** there are no others of the kind: one that is not named is forgotten, its runs are kept */
          complete: boolean
        }
      }
    }
    responses: {
      /** Say which checks, or which bots, there are */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the effects of one name in a sandbox of a run, once all are known */
  'checks.listRunEffects': {
    parameters: {
      query: {
        organization: string
        name: string
      }
      header?: never
      path: {
        run: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the effects of one name in a sandbox of a run, once all are known */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: {
              id: string
              name: string
              service: string
              outcome: 'started' | 'done' | 'stood in' | 'denied' | 'failed'
              /** sensitive values replaced */
              arguments: unknown
              error: string | null
              /** @format date-time */
              at: string
            }[]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List runs, the newest first */
  'checks.listRuns': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        /** @default "check" */
        kind?: 'check' | 'bot'
        check?: string
        verdict?: 'pass' | 'fail' | 'uncheckable'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List runs, the newest first */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['RunSummary'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Start a run, with a credential of its own, and for a check with a sandbox
   * The run lasts as long as its lease is extended; then, or when it is finished, its credential is revoked and its sandboxes are deleted. A bot’s run works in production by its grant, and needs the scope admin in the whole installation.
   */
  'checks.startRun': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @default "check" */
          kind?: 'check' | 'bot'
          check: string
          /** @default "command" */
          trigger?: 'command' | 'schedule'
          /** the time that the schedule meant, or when it was asked for; one run for each */
          slot?: string | null
          /** production organization whose sandbox is made */
          parent?: string | null
          /** how long a sandbox of it may live, such as 1h */
          ttl?: string | null
          /**
           * what its credential may do here; faults: break services for the run alone. For checks only
           * @default []
           */
          scopes?: ('faults' | 'mocks')[]
        }
      }
    }
    responses: {
      /** Start a run, with a credential of its own, and for a check with a sandbox */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            run: string
            gateway: string
            lease: {
              ms: number
              heartbeatMs: number
            }
            attempt: {
              /** slug of the sandbox; of a bot’s run: of the production organization */
              organization: string
              /** @format date-time */
              createdAt: string
              /** the run’s; dead when the run ends */
              credential: string
              /** what runs of this kind are told besides */
              more: unknown
            }
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Ask for a run of a check, now
   * A runner takes it at once, beside its schedule. The run has the `slot` that is answered. A credential that is bound to an organization asks for runs on that one, of the checks that it sees.
   */
  'checks.requestRun': {
    parameters: {
      query?: never
      header?: never
      path: {
        check: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Ask for a run of a check, now */
      202: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            check: string
            /**
             * when it was asked for
             * @format date-time
             */
            slot: string
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Start a further attempt, in a fresh sandbox */
  'checks.startAttempt': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Start a further attempt, in a fresh sandbox */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            /** slug of the sandbox; of a bot’s run: of the production organization */
            organization: string
            /** @format date-time */
            createdAt: string
            /** the run’s; dead when the run ends */
            credential: string
            /** what runs of this kind are told besides */
            more: unknown
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get a link that shows a trace, for half an hour */
  'checks.viewTrace': {
    parameters: {
      query?: never
      header?: never
      path: {
        run: string
        name: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get a link that shows a trace, for half an hour */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            /** @format uri */
            url: string
            /** @format date-time */
            endsAt: string
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the approvals of a service, ended and revoked ones too */
  'contracts.listApprovals': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
      }
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the approvals of a service, ended and revoked ones too */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['ContractApproval'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Let differences break callers, by their fingerprints */
  'contracts.approve': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** or the first 16 digits of them */
          fingerprints: string[]
          reason: string
          /**
           * from then on it lets nothing pass any more
           * @format date-time
           */
          endsAt?: string
        }
      }
    }
    responses: {
      /** Let differences break callers, by their fingerprints */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['ContractApproval'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get the files of a version, as they were pushed */
  'contracts.bundle': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
        /** 1.2.0, 1.2, 1, latest, production, branch:<name>, a git revision, or sha256:<hash> */
        version: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get the files of a version, as they were pushed */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': unknown
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Tell how two versions of a contract differ */
  'contracts.compare': {
    parameters: {
      query: {
        /** 1.2.0, 1.2, 1, latest, production, branch:<name>, a git revision, or sha256:<hash> */
        from: string
        /** 1.2.0, 1.2, 1, latest, production, branch:<name>, a git revision, or sha256:<hash> */
        to: string
        /** what breaks callers or may, what breaks generated code, what says something else */
        only?: 'breaks' | 'code' | 'meaning'
        /** such as `GET /pets`: what this one meets */
        operation?: string
        /** the one difference, or the first 16 digits of it */
        fingerprint?: string
        /** with the lines of the documents around each place */
        lines?: string
        /** `next` of the page before */
        cursor?: string
        /**
         * differences that are told, the worst first
         * @default 200
         */
        limit?: number
      }
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Tell how two versions of a contract differ */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            from: components['schemas']['ContractVersion']
            to: components['schemas']['ContractVersion']
            /** differences by weight */
            counts: { [key: string]: number }
            /** differences that break callers or may, break generated code, say something else */
            aspects: {
              breaks: number
              code: number
              meaning: number
            }
            /** that meet any, in the order of their paths, 1,000 at most */
            operations: {
              operation: string
              differences: number
            }[]
            operationsInAll: number
            /** how many are as they were asked for */
            matching: number
            /** how many of these stand before this page */
            before: number
            differences: components['schemas']['ContractDifference'][]
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Tell in what a contract and its traffic are not one, with a patch that mends it
   * Of what gateways saw within 90 days, by whomever. No value is in it but those of enums. Warnings come first.
   */
  'contracts.drift': {
    parameters: {
      query?: {
        /**
         * 1.2.0, 1.2, 1, latest, production, branch:<name>, a git revision, or sha256:<hash>
         * @default "production"
         */
        version?: string
      }
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Tell in what a contract and its traffic are not one, with a patch that mends it */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            version: components['schemas']['ContractVersion']
            /** 1,000 at most */
            findings: {
              kind:
                | 'undocumented field'
                | 'undocumented value'
                | 'undocumented status'
                | 'undocumented media type'
                | 'never seen'
              level: 'warning' | 'info'
              message: string
              place: string
              /** ten at most */
              operations: string[]
              file: string | null
              line: number | null
              times: number
              calls: number
              organizations: number
              /** @format date */
              since: string
              lastSeen: string | null
              /** null: nothing is proposed */
              patch: components['schemas']['ContractPatch'] | null
              /** why nothing is proposed for what was seen; null: something is, or nothing was seen */
              unpatched: string | null
            }[]
            /** all that is proposed, for each file at once */
            patches: components['schemas']['ContractPatch'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get a version of a contract */
  'contracts.get': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
        /** 1.2.0, 1.2, 1, latest, production, branch:<name>, a git revision, or sha256:<hash> */
        version: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get a version of a contract */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['ContractVersion']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Tell how faithful the mock of a service is, operation by operation
   * As the newest run saw it that asked both the same, in a sandbox. Empty where none has.
   */
  'contracts.getMock': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Tell how faithful the mock of a service is, operation by operation */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            service: string
            operations: number
            faithful: number
            differs: number
            /** of the newest run; null: no run has looked */
            lastSeen: string | null
            items: {
              operation: string
              method: string
              path: string
              result: 'faithful' | 'differs' | 'not tried'
              /** why it was not tried */
              reason: string | null
              findings: {
                what: 'status' | 'media type' | 'header' | 'body' | 'field'
                /** JSON pointer into the body, with * for any item; or the name of a header */
                at: string
                message: string
                /** the service’s answer breaks its contract; otherwise both keep to it */
                breaks: boolean
              }[]
              /** of the contract that both were asked by */
              address: string
              /** the run that saw it */
              run: string
              /** @format date-time */
              seenAt: string
              /** when it was faithful for the last time */
              faithfulAt: string | null
            }[]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List what was pushed for a service, the newest first */
  'contracts.history': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
      }
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List what was pushed for a service, the newest first */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['ContractVersion'][]
            /** cursor of the next page; null on the last */
            next: string | null
            /** what runs, whether it is on this page or not; what began last first */
            production: components['schemas']['ContractVersion'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Keep a contract as a version of its service
   * The body is a bundle, `{ "main": <name>, "files": { <name>: <text> } }`. It is compared with what runs in production, else with the newest earlier version; what breaks callers is refused (`contract_breaks`), unless the version says so or each such difference is approved. The same again changes nothing.
   */
  'contracts.push': {
    parameters: {
      query?: {
        /** a semantic version; default: info.version */
        version?: string
        /** a git revision, instead of a version */
        revision?: string
        /** a name that moves; it is not judged */
        branch?: string
        /**
         * the end of the branch; default: in 30 days
         * @format date-time
         */
        until?: string
        note?: string
        /** nothing is kept and nothing refused: the answer says what would be */
        dryRun?: string
      }
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': unknown
      }
    }
    responses: {
      /** Keep a contract as a version of its service */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            /** null: nothing was kept */
            version: components['schemas']['ContractVersion'] | null
            /** false: it was there */
            isNew: boolean
            comparedWith: {
              address: string
              name: string
              because: 'production' | 'earlier'
              release: string | null
            }[]
            /** differences by weight */
            counts: { [key: string]: number }
            /** those that nobody approved first, 200 at most */
            breaks: components['schemas']['ContractBreak'][]
            /** how many of them nobody approved */
            openBreaks: number
            /** of a dry run: why it would be refused */
            refusal: {
              detail: string
              findings: {
                path: string
                message: string
                file?: string
                line?: number
              }[]
            } | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the services that have contracts, with the latest version and what runs in production */
  'contracts.list': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the services that have contracts, with the latest version and what runs in production */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: {
              service: string
              latest: components['schemas']['ContractVersion'] | null
              production: components['schemas']['ContractVersion'][]
              pushes: number
            }[]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List who watches a service */
  'contracts.listWatchers': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List who watches a service */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: {
              id: string
              service: string
              watchedBy: string
              /** the service that calls it, for which somebody watches */
              consumer: string | null
              /** @format date-time */
              since: string
              /** where notices are sent, without its query; null: nowhere */
              to: string | null
              /** since when nothing is sent there any more, because it answered 410 */
              goneAt: string | null
              /** what became of the newest notice that was sent to its address */
              last: {
                state: 'waiting' | 'told' | 'given up'
                /** that were begun */
                attempts: number
                toldAt: string | null
                /** when it is tried next; null: it is over */
                nextAt: string | null
                /** why the last attempt failed that did */
                failure: string | null
                failedAt: string | null
                notice: number
                version: string | null
                address: string
              } | null
            }[]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Watch a service, for oneself or for a consumer of it
   * Who does already goes on as before, and keeps its address unless another one is given. With `to` each notice is sent there by POST, at least once, signed as the Standard Webhooks say.
   */
  'contracts.watch': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** the service that calls it */
          consumer?: string
          /** where notices are sent: a URL of an origin that `contracts.notify` of the configuration names */
          to?: string
        }
      }
    }
    responses: {
      /** Watch a service, for oneself or for a consumer of it */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            id: string
            service: string
            watchedBy: string
            /** the service that calls it, for which somebody watches */
            consumer: string | null
            /** @format date-time */
            since: string
            /** where notices are sent, without its query; null: nowhere */
            to: string | null
            /** since when nothing is sent there any more, because it answered 410 */
            goneAt: string | null
            /** signs what is sent (Standard Webhooks); shown once, when an address is given or changed */
            secret: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List what watchers were told of pushes, the newest first */
  'contracts.notices': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        service?: string
        consumer?: string
        /** told to the caller alone */
        mine?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List what watchers were told of pushes, the newest first */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['ContractNotice'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Revoke an approval: it stays as a record, and lets nothing pass any more */
  'contracts.revokeApproval': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
        approval: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Revoke an approval: it stays as a record, and lets nothing pass any more */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['ContractApproval']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Watch no longer; what was told goes with it */
  'contracts.unwatch': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
        watcher: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Watch no longer; what was told goes with it */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Tell whom differences meet, by what gateways saw of the service
   * Of differences as `rockpool contract diff --format json` has them, wherever the versions lie. Organizations in production are counted, within 90 days.
   */
  'contracts.weigh': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          differences: {
            fingerprint: string
            rule: string
            place: string
            details: { [key: string]: components['schemas']['__schema0'] }
            /** operations that meet it */
            uses: {
              operation: {
                method: string
                path: string
              }
            }[]
          }[]
        }
      }
    }
    responses: {
      /** Tell whom differences meet, by what gateways saw of the service */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: {
              fingerprint: string
              traffic: components['schemas']['ContractMet']
            }[]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get a service */
  'deploys.getService': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get a service */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Service']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the services with their desired and observed states */
  'deploys.listServices': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the services with their desired and observed states */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Service'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Stop a service and start it again
   * Answers when it is running again or cannot be, or after 10 s with the state it is in then.
   */
  'deploys.restartService': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Stop a service and start it again */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Service']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Start a service
   * Answers when it is running or cannot be started, or after 10 s with the state it is in then.
   */
  'deploys.startService': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Start a service */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Service']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Stop a service, until it is started again
   * Answers when it has stopped, or after 10 s with the state it is in then.
   */
  'deploys.stopService': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Stop a service, until it is started again */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Service']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * List what a sandbox’s work did, or would have done, outside of the company
   * The first page waits until everything that was committed before the call is known, for at most 5 s: an effect that is not in the list did not happen.
   */
  'effects.list': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        name?: string
      }
      header?: never
      path: {
        sandbox: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List what a sandbox’s work did, or would have done, outside of the company */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['EffectRecord'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * List what is broken on purpose now
   * At most a hundred, those for all checks first. By the credential of a run: what that run has broken for itself.
   */
  'faults.list': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List what is broken on purpose now */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Fault'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Break a service on purpose, for checks in sandboxes alone
   * Only calls of checks in sandboxes meet it, whichever service they come through; no customer, no bot and no production organization ever does. By the credential of a run in a sandbox, with the scope `faults`, it is for that run alone. It ends by itself.
   */
  'faults.create': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          service: string
          /** operationId of its contract; otherwise every one */
          operation?: string
          /**
           * until it ends by itself
           * @default 60
           */
          seconds?: number
          /**
           * of its calls, so many in a hundred are hit
           * @default 100
           */
          percent?: number
          /**
           * unavailable: 503; slow: 3 s late; delay: as late as `ms` says; abort: the connection is reset before any answer; status: answered with it; wrong_field: a field of the JSON answer is another; reset: the connection is reset within the answer; throttle: the answer comes slowly
           * @default "unavailable"
           */
          kind?: 'unavailable' | 'slow' | 'delay' | 'abort' | 'status' | 'wrong_field' | 'reset' | 'throttle'
          /** delay: milliseconds until a call goes on */
          ms?: number
          /** delay: up to so many more, at random */
          jitterMs?: number
          /** status: answered with it, and without a body */
          status?: number
          /** wrong_field: which field of the JSON answer, as a JSON pointer */
          pointer?: string
          /** wrong_field: what it becomes */
          value?: unknown
          /** wrong_field: it is left out */
          drop?: true
          /** reset: after so many bytes of the body */
          afterBytes?: number
          /** throttle: of the body, at most */
          bytesPerSecond?: number
        }
      }
    }
    responses: {
      /** Break a service on purpose, for checks in sandboxes alone */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Fault']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Mend at once what was broken on purpose */
  'faults.end': {
    parameters: {
      query?: never
      header?: never
      path: {
        fault: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Mend at once what was broken on purpose */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * List the gateways, and what each decides by
   * Those that are connected to the control that answers, and those that were within the last hour. They tell of themselves every 5 s.
   */
  'gateways.list': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the gateways, and what each decides by */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            /** version of what control publishes */
            newest: number
            /**
             * when control last read all of it
             * @format date-time
             */
            asOf: string
            holds: {
              organizations: number
              credentials: number
              services: number
              routes: number
            }
            /** what is left out of it, and why */
            findings: {
              path: string
              message: string
            }[]
            items: components['schemas']['Gateway'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Read the figures of the installation in Prometheus’ text format
   * Version 0.0.4. Counters are those of each gateway’s process since it began. No label names an organization, a path or a credential.
   */
  'gateways.metrics': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Read the figures of the installation in Prometheus’ text format */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/plain': unknown
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Say what the gateway would decide about a request, step by step
   * By the gateway’s own decision, on what control publishes; nothing is sent. What a gateway counts besides (the budget of a grant) is not in it. A credential that is bound to an organization may ask about that one, its sandboxes and their credentials.
   */
  'gateways.resolve': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          method: string
          /** path and query, as they would be sent */
          target: string
          /**
           * whose request it is: anonymous, live, sandbox, run, session, service, or the id of a credential; never its text
           * @default "anonymous"
           */
          as?: string
          /** whose credential; otherwise that of the path */
          organization?: string
        }
      }
    }
    responses: {
      /** Say what the gateway would decide about a request, step by step */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Resolution']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the routes that gateways have */
  'gateways.routes': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        service?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the routes that gateways have */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['GatewayRoute'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Hear what changes, as server-sent events
   * Event `hello` {now, version} at the beginning: what was read before may be old. Event `changed` {topics}: read again what shows them (checks, runs, bots, sandboxes, organizations, services, requests, faults, contracts). Event `beat` {now} every 5 s. The stream ends with the session.
   */
  'live.open': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Hear what changes, as server-sent events */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'text/event-stream': unknown
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the members of an organization */
  'organizations.listMembers': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
      }
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the members of an organization */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Member'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Add a member to an organization */
  'organizations.addMember': {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          email: string
          role: 'owner' | 'developer' | 'viewer'
        }
      }
    }
    responses: {
      /** Add a member to an organization */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Member']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * List organizations
   * A credential that is bound to an organization sees that one and its sandboxes.
   */
  'organizations.list': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        parent?: string
        environment?: 'production' | 'sandbox'
        status?: 'active' | 'deleting' | 'deleted'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List organizations */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Organization'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Create an organization */
  'organizations.create': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** 2 to 63 lower-case letters, digits and dashes; never given twice */
          slug: string
          name: string
          /** fixed for ever */
          environment: 'production' | 'sandbox'
          /** of a sandbox */
          parent?: string | null
        }
      }
    }
    responses: {
      /** Create an organization */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Organization']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the credentials of an organization */
  'organizations.listCredentials': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        /** with revoked and ended ones */
        all?: string
      }
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the credentials of an organization */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Credential'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Create a live key or a sandbox key
   * The environment is named, and must be that of the organization; with `allSandboxes`, a parent gets one key for all its sandboxes. A live key needs the scope admin.
   */
  'organizations.createKey': {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          environment: 'production' | 'sandbox'
          /**
           * one key for all sandboxes of this parent
           * @default false
           */
          allSandboxes?: boolean
          name?: string
          /** @format date-time */
          endsAt?: string
        }
      }
    }
    responses: {
      /** Create a live key or a sandbox key */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['NewCredential']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get an organization */
  'organizations.get': {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get an organization */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Organization']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Exchange an admin’s control credential for one with an end
   * With `organization` and `email`, for that member, with the scopes of the member’s role; without them, for the caller, with the caller’s own scopes.
   */
  'organizations.logIn': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          organization?: string
          email?: string
          /**
           * until it ends
           * @default 12
           */
          hours?: number
        }
      }
    }
    responses: {
      /** Exchange an admin’s control credential for one with an end */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['NewCredential']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Remove a member, and revoke the member’s credentials */
  'organizations.removeMember': {
    parameters: {
      query?: never
      header?: never
      path: {
        organization: string
        member: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Remove a member, and revoke the member’s credentials */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Revoke a credential, at once and for ever */
  'organizations.revokeCredential': {
    parameters: {
      query?: {
        /** refused when it is not that of the credential */
        environment?: 'production' | 'sandbox'
      }
      header?: never
      path: {
        organization: string
        credential: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Revoke a credential, at once and for ever */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Credential']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Let a release take no calls any more, so that its process may be stopped
   * Answers at once. Once `drain.done` is true, nothing is in flight to it from any connected gateway and no connection is kept: not before that may its process be stopped.
   */
  'releases.drain': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
        release: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Let a release take no calls any more, so that its process may be stopped */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Release']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the releases of a service */
  'releases.list': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the releases of a service */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Release'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Set weights of a service’s releases, all at once
   * Those that are not named keep theirs. Each gateway changes over in one step.
   */
  'releases.weigh': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          weights: { [key: string]: number }
        }
      }
    }
    responses: {
      /** Set weights of a service’s releases, all at once */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Release'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Say that a release of a service runs at an address, and what its weight is
   * Calls of customers go wherever this says: it is the owner’s to say. Without a weight only verified callers reach it, by the header Rockpool-Release. A release that is there keeps its address; one that drains takes calls again.
   */
  'releases.put': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
        release: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** an origin */
          url: string
          /**
           * its share of the organizations is this over the sum of all; 0: for verified callers alone
           * @default 0
           */
          weight?: number
        }
      }
    }
    responses: {
      /** Say that a release of a service runs at an address, and what its weight is */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Release']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Drain a release, and take it out
   * Waits for the drain for 10 s at most; `deadline_exceeded` says whom for, and it drains on.
   */
  'releases.remove': {
    parameters: {
      query?: never
      header?: never
      path: {
        service: string
        release: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Drain a release, and take it out */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get one request that was kept */
  'requests.get': {
    parameters: {
      query?: never
      header?: never
      path: {
        request: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get one request that was kept */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Request']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * List requests that were kept, the newest first
   * The last failed and refused ones, and a sample of the rest; when little comes, all. Never a path, a query or a body.
   */
  'requests.recent': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        /** with its sandboxes */
        organization?: string
        service?: string
        environment?: 'production' | 'sandbox'
        status?: 'failed' | 'refused'
        /** `own`: of checks, bots and others that run for Rockpool, and everything in sandboxes */
        side?: 'customers' | 'own'
        run?: string
        /**
         * began then or later
         * @format date-time
         */
        from?: string
        /**
         * began before
         * @format date-time
         */
        to?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List requests that were kept, the newest first */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Request'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Sum up what went through the gateways
   * By service and environment, by actor, and over time. At most seven days, which is how long they are kept. A credential that is bound to an organization sees that one and its sandboxes.
   */
  'requests.summary': {
    parameters: {
      query: {
        /** @format date-time */
        from: string
        /** @format date-time */
        to: string
        /** with its sandboxes */
        organization?: string
        service?: string
        environment?: 'production' | 'sandbox'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Sum up what went through the gateways */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['RequestSummary']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List sandboxes, the newest first */
  'sandboxes.list': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        parent?: string
        run?: string
        state?: 'active' | 'deleting' | 'deleted' | 'residue'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List sandboxes, the newest first */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Sandbox'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Create a sandbox
   * It begins with no data. The key is shown once; it counts at every connected gateway when this answers.
   */
  'sandboxes.create': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          parent: string
          /**
           * time to live: one second to seven days, such as 30s, 10m, 1h, 7d
           * @default "1h"
           */
          ttl?: string
          name?: string
        }
      }
    }
    responses: {
      /** Create a sandbox */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['NewSandbox']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get a sandbox */
  'sandboxes.get': {
    parameters: {
      query?: never
      header?: never
      path: {
        sandbox: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get a sandbox */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Sandbox']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Delete a sandbox with everything in it
   * It is closed when this answers, and erased then, whatever goes down meanwhile: `waiting` says what it waits for, and the receipt is there when its state is `deleted` or `residue`.
   */
  'sandboxes.delete': {
    parameters: {
      query?: {
        /**
         * seconds to wait for the end of the deletion
         * @default 0
         */
        wait?: number
      }
      header?: never
      path: {
        sandbox: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Delete a sandbox with everything in it */
      202: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Sandbox']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Get the receipt of a deletion */
  'sandboxes.getReceipt': {
    parameters: {
      query?: never
      header?: never
      path: {
        sandbox: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Get the receipt of a deletion */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Receipt']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List what runs and sandboxes created, in the order in which it was told */
  'sandboxes.listLedger': {
    parameters: {
      query?: {
        /** `next` of the page before */
        cursor?: string
        /**
         * items in a page
         * @default 50
         */
        limit?: number
        run?: string
        sandbox?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List what runs and sandboxes created, in the order in which it was told */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['LedgerEntry'][]
            /** cursor of the next page; null on the last */
            next: string | null
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the services that mocks answer for in a sandbox */
  'sandboxes.listMocks': {
    parameters: {
      query?: never
      header?: never
      path: {
        sandbox: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the services that mocks answer for in a sandbox */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['SandboxMock'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Have a mock answer for a service in a sandbox
   * From then on calls of this sandbox to the service go to a mock of the version that is asked for, also from other services and when the service does not run; never calls of production. In this sandbox the operations of that version are what the service has, and no others. It counts at every connected gateway when this answers. The version is looked up once: `latest` stays what it was. It begins with no data, and remembers nothing across a restart.
   */
  'sandboxes.mock': {
    parameters: {
      query?: never
      header?: never
      path: {
        sandbox: string
        service: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** as for contracts: 1.2.0, 1.2, latest, production, branch:<name>, a git revision, sha256:<hash>; unless given, what runs in production, else the latest */
          version?: string
          /**
           * another seed, other values
           * @default ""
           */
          seed?: string
        }
      }
    }
    responses: {
      /** Have a mock answer for a service in a sandbox */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['AskedSandboxMock']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Have the service answer again
   * What the mock was told is forgotten. It counts at every connected gateway when this answers.
   */
  'sandboxes.unmock': {
    parameters: {
      query?: never
      header?: never
      path: {
        sandbox: string
        service: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Have the service answer again */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** List the secrets by name; never a value */
  'secrets.list': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** List the secrets by name; never a value */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            items: components['schemas']['Secret'][]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Give a secret its value
   * The value is encrypted, and no operation gives it back. It counts from the next run on.
   */
  'secrets.set': {
    parameters: {
      query?: never
      header?: never
      path: {
        secret: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          value: string
          /**
           * false: another value that it has stays, and this is a conflict; the same one is none
           * @default true
           */
          replace?: boolean
        }
      }
    }
    responses: {
      /** Give a secret its value */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Secret']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Remove a secret */
  'secrets.remove': {
    parameters: {
      query?: never
      header?: never
      path: {
        secret: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Remove a secret */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Make a link that signs a browser in, once, within ten minutes
   * With `organization` and `email`, for that member, with the scopes of the member’s role; without them, for the caller, with the caller’s own scopes.
   */
  'session.createLink': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          organization?: string
          email?: string
          /**
           * until the session ends
           * @default 168
           */
          hours?: number
        }
      }
    }
    responses: {
      /** Make a link that signs a browser in, once, within ten minutes */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            /** @format uri */
            url: string
            /**
             * of the link
             * @format date-time
             */
            endsAt: string
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** Tell who is signed in */
  'session.get': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Tell who is signed in */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['Session']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Exchange a sign-in link’s ticket for a session
   * Sets a cookie that no script can read, and answers `key`: the header `rockpool-session-key` of every further call. Neither is worth anything without the other.
   */
  'session.signIn': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          ticket: string
        }
      }
    }
    responses: {
      /** Exchange a sign-in link’s ticket for a session */
      201: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': components['schemas']['NewSession']
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /** End the session, at once and for ever */
  'session.signOut': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** End the session, at once and for ever */
      204: {
        headers: { [name: string]: unknown }
        content?: never
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
  /**
   * Answer the four questions, with evidence
   * To a credential that is bound to an organization, by what ran on that organization.
   */
  'status.get': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** Answer the four questions, with evidence */
      200: {
        headers: { [name: string]: unknown }
        content: {
          'application/json': {
            answers: {
              question: string
              answer: 'yes' | 'no' | 'cannot tell' | 'not measured yet'
              evidence: string
              provenAt: string | null
            }[]
          }
        }
      }
      /** Refused */
      default: {
        headers: { [name: string]: unknown }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
    }
  }
}

export type Problem = components['schemas']['Problem']

export type Bot = components['schemas']['Bot']

export type LedgerEntry = components['schemas']['LedgerEntry']

export type Run = components['schemas']['Run']

export type Check = components['schemas']['Check']

export type RunSummary = components['schemas']['RunSummary']

export type ContractApproval = components['schemas']['ContractApproval']

export type ContractVersion = components['schemas']['ContractVersion']

export type ContractDifference = components['schemas']['ContractDifference']

export type ContractMet = components['schemas']['ContractMet']

export type ContractPatch = components['schemas']['ContractPatch']

export type __schema0 =
  | string
  | number
  | boolean
  | null
  | __schema0[]
  | { [key: string]: components['schemas']['__schema0'] }

export type ContractNotice = components['schemas']['ContractNotice']

export type ContractWatcher = components['schemas']['ContractWatcher']

export type ContractDelivery = components['schemas']['ContractDelivery']

export type ContractBreak = components['schemas']['ContractBreak']

export type Service = components['schemas']['Service']

export type EffectRecord = components['schemas']['EffectRecord']

export type Fault = components['schemas']['Fault']

export type Gateway = components['schemas']['Gateway']

export type Resolution = components['schemas']['Resolution']

export type GatewayRoute = components['schemas']['GatewayRoute']

export type Member = components['schemas']['Member']

export type Organization = components['schemas']['Organization']

export type NewCredential = components['schemas']['NewCredential']

export type Credential = components['schemas']['Credential']

export type Release = components['schemas']['Release']

export type Request = components['schemas']['Request']

export type RequestSummary = components['schemas']['RequestSummary']

export type RequestFigures = components['schemas']['RequestFigures']

export type NewSandbox = components['schemas']['NewSandbox']

export type Sandbox = components['schemas']['Sandbox']

export type Receipt = components['schemas']['Receipt']

export type SandboxMock = components['schemas']['SandboxMock']

export type AskedSandboxMock = components['schemas']['AskedSandboxMock']

export type Secret = components['schemas']['Secret']

export type Session = components['schemas']['Session']

export type NewSession = components['schemas']['NewSession']
