/*
 * The vocabulary of a check file
 *
 * check      a named piece of code that uses the API as a client does, in a sandbox of its own, and throws when it is let down
 * fixture    what a check is handed: sandbox, api, step, expect, until, signal
 * step       a named stretch of a check; steps nest, and every call is evidence in the step that made it
 * answer     what the gateway gave back for one call: status, headers, body, ms
 * fault      a service broken on purpose, for this check's run and nobody else; its lease ends it
 *
 *   check file ──check(…)──► definition ──► a child process runs it ──► steps, calls ──► evidence, verdict
 */

import type { Page } from 'playwright-core'

/** A number and its unit: `500ms`, `10s`, `1m`, `2h`, `1d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

export interface CheckOptions {
  /** The runner runs it once in each such stretch of time. */
  every?: Duration
  /** The runner runs it at these times (UTC), for example `0 6 * * 1-5`. Give `every` or `cron`, not both. */
  cron?: string
  /** One attempt may take this long; default 60s. A check that takes longer is ended and fails. */
  timeout?: Duration
  /**
   * Further attempts after a failing one, each in a fresh sandbox; default 0. A number means `on: 'any'`.
   * `network`: only where an answer was missing (502, 504, a broken connection, a deadline), never after a failed assertion.
   */
  retries?: number | { count: number; on: 'network' | 'any' }
  /** For `rockpool check --tag`. */
  tags?: readonly string[]
  sandbox?: {
    /** The production organization whose sandbox is made; default: `sandboxes.parent` of the configuration. */
    parent?: string
    /** The sandbox lives this long at most, should nobody end the run; default 1h. */
    ttl?: Duration
  }
  /** It may break services on purpose, for its own runs alone: see the fixture `faults`. Default false. */
  faults?: boolean
}

/** Of a check that asks a service and its mock the same; see `contract`. Nothing is broken in it. */
export interface ContractCheckOptions extends Omit<CheckOptions, 'faults'> {
  /** Operations, by their ids, that are left out. */
  except?: readonly string[]
  /** Another seed, other requests; default: the service's name. */
  seed?: string
  /** What requests need and nobody can make up, by operation: as it is, or made before by calls of the check's own. */
  given?: GivenRequests | ((fixtures: Fixtures) => GivenRequests | Promise<GivenRequests>)
}

/**
 * By operation id. Members of a `body` that is an object stand in the place of those that are made up; so do path, query
 * and headers.
 */
export type GivenRequests = Readonly<Record<string, OperationRequest>>

/** The body of a check. It passes when it returns, and fails when it throws. */
export type CheckBody = (fixtures: Fixtures) => unknown

export interface Fixtures {
  sandbox: Sandbox
  api: Api
  step: Step
  expect: Expect
  until: Until
  /** Values that the installation keeps encrypted, by name: `secrets.THINGS_TOKEN`; hidden in all that the run tells. */
  secrets: Secrets
  /** Breaks services on purpose, for this run alone; only with the option `faults: true`. */
  faults: Faults
  /**
   * A page of a real Chromium, signed in to the sandbox, with the gateway's origin as its base: `page.goto('/…')`. There
   * is one only for a check whose parameters name it, `async ({ page, step }) => …`: no other waits for a browser.
   */
  page: Page
  /** Aborted when the attempt's deadline passes or the run is ended: hand it to what you wait for. */
  signal: AbortSignal
}

/**
 * Each breaks a service of the installation for the calls of this run alone, whichever service they come through, and counts once it
 * has resolved:
 *
 *     const slow = await faults.delay('orders', { ms: 500, operation: 'createOrder' })
 *     await slow.end()
 */
export interface Faults {
  /** Answers 503 `fault_injected`. */
  unavailable(service: ServiceName, where?: FaultWhere): Promise<FaultLease>
  /** Answers `ms` later (60,000 at most), and up to `jitterMs` more. */
  delay(service: ServiceName, how: FaultWhere & { ms: number; jitterMs?: number }): Promise<FaultLease>
  /** Resets the connection before any answer. */
  abort(service: ServiceName, where?: FaultWhere): Promise<FaultLease>
  /** Answers with this status (400 to 599) and no body. */
  status(service: ServiceName, how: FaultWhere & { status: number }): Promise<FaultLease>
  /**
   * The service's own answer, but for one field of its JSON: it becomes `value`, or with `drop` is left out. `pointer`: a
   * JSON pointer (RFC 6901) such as `/items/0/price`.
   */
  wrongField(
    service: ServiceName,
    how: FaultWhere & ({ pointer: string; value: unknown } | { pointer: string; drop: true }),
  ): Promise<FaultLease>
  /** The service's own answer; after so many bytes of its body the connection is reset. */
  reset(service: ServiceName, how: FaultWhere & { afterBytes: number }): Promise<FaultLease>
  /** The service's own answer, its body at this rate at most: 100 or more. */
  throttle(service: ServiceName, how: FaultWhere & { bytesPerSecond: number }): Promise<FaultLease>
}

export type ServiceName = [keyof Services] extends [never] ? string : keyof Services

export interface FaultWhere {
  /** An operationId of the service; otherwise all of them. */
  operation?: string
  /** Of the calls, so many in a hundred are hit: 1 to 100, the default. */
  percent?: number
  /** It ends by itself after this time, and with the run: 1s to 5m; default 1m. */
  lease?: Duration
}

/** What is broken is whole again after `end()`, at `endsAt`, and at the end of the run. */
export interface FaultLease {
  readonly id: string
  readonly endsAt: Date
  /** Mends it now. Again is no error. */
  end(): Promise<void>
}

/** By names that stand in the check's own file; a missing one makes the check uncheckable, and says how it is set. */
export interface Secrets {
  readonly [name: string]: string
}

/** The sandbox organization of this attempt. It starts with no data. */
export interface Sandbox {
  /** Its slug; `api` fills it in as the first path parameter. */
  readonly organization: string
  readonly createdAt: Date
  /** What the effects with this name did in this sandbox, oldest first; for example `bank.charge`. */
  effects(name: string): Promise<EffectRecord[]>
  /**
   * Has a mock answer for a service in this sandbox, by any stored version of its contract, until the sandbox goes or it is
   * turned off. It counts once it has resolved: `api.<service>` has the operations of that version then, and no others.
   * Again with another version or seed it is another mock, without data.
   */
  mock(service: ServiceName, wishes?: MockWishes): Promise<{ version: string }>
  /** Has the service itself answer again. */
  unmock(service: ServiceName): Promise<void>
}

export interface MockWishes {
  /** As for `rockpool sandbox mock`: `1.2.0`, `latest`, `branch:…`; default: what runs in production, else the latest. */
  version?: string
  /** Another seed, other values. */
  seed?: string
}

export interface EffectRecord {
  id: string
  name: string
  /** The service that wanted the effect. */
  service: string
  outcome: 'started' | 'done' | 'stood in' | 'denied' | 'failed'
  /** With sensitive values replaced. */
  arguments: unknown
  error: string | null
  at: string
}

/**
 * The services by name. `rockpool contract types --checks` declares them by their contracts. Or declare yours:
 *
 *     declare module 'rockpool' {
 *       interface Services { catalog: Service<'createItem' | 'getItem'> }
 *     }
 */
export interface Services {}

/** A service's operations, by the operationIds of its contract. */
export type Service<Operations extends string = string> = { [operation in Operations]: Operation }

/** Every service of the installation; an unknown name is refused when it is called, with the names that are near. */
export type Api = [keyof Services] extends [never] ? { [service: string]: Service } : Services

// Of a service that is declared by names alone a body is `any` on purpose: `answer.body.id` must be writable.
// oxlint-disable-next-line typescript/no-explicit-any
export type Operation<Body = any> = (request?: OperationRequest) => Call<Body>

export interface OperationRequest {
  /** Path parameters. The organization is the sandbox's unless given. */
  path?: Record<string, string | number>
  /** Query parameters; a list repeats its name, undefined is left out. */
  query?: Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>
  /** Sent as JSON; a string or bytes are sent as they are, with the content-type you give. */
  body?: unknown
  headers?: Record<string, string>
}

/** A call under way: await it for its answer, or poll it. */
export interface Call<Body> extends PromiseLike<Answer<Body>> {
  /**
   * Makes the call again and again, with growing pauses from 50 ms, until an answer satisfies the predicate.
   * How long that took is kept as evidence. Fails at the deadline, with the last answer.
   */
  until(predicate: (answer: Answer<Body>) => unknown, deadline: Duration): Promise<SettledAnswer<Body>>
}

export interface Answer<Body> {
  status: number
  /** Names in lower case. */
  headers: Record<string, string>
  /** Parsed where the content type is JSON; else the text; undefined where there is none. */
  body: Body
  /** Milliseconds from sending to the last byte. */
  ms: number
}

export interface SettledAnswer<Body> extends Answer<Body> {
  /** Milliseconds from the first call to the answer that satisfied. */
  propagationMs: number
  /** How many answers it took. */
  answers: number
}

/** Runs `work` as a named step and gives back its result. */
export type Step = <T>(name: string, work: () => T | PromiseLike<T>) => Promise<T>

/**
 * Runs `probe` again and again, with growing pauses from 50 ms, until it gives back something truthy, and gives that
 * back. A throw counts as not yet: so assertions may stand in it. Fails at the deadline with the last of them.
 */
export type Until = <T>(probe: () => T | PromiseLike<T>, deadline: Duration) => Promise<T>

/** Makes an assertion about a value. */
export type Expect = (actual: unknown, message?: string) => Assertions

export interface Assertions {
  /** The opposite of the assertion that follows. */
  readonly not: Assertions
  /** The same value (`Object.is`). */
  toBe(expected: unknown): void
  /** Deeply equal; a property that is undefined counts as absent. */
  toEqual(expected: unknown): void
  /** An object that has at least these properties, at every depth; lists have the same length. */
  toMatchObject(expected: object): void
  /** A list or string of this length. */
  toHaveLength(expected: number): void
  /** A string with this in it, or a list with this very value among its items. */
  toContain(expected: unknown): void
  /** A list with an item deeply equal to this one. */
  toContainEqual(expected: unknown): void
  /** A value at this path, such as `items.0.price`; deeply equal to `value` where that is given. */
  toHaveProperty(path: string, value?: unknown): void
  /** A string with this in it, or that the expression finds something in. */
  toMatch(expected: string | RegExp): void
  toBeGreaterThan(expected: number | bigint): void
  toBeGreaterThanOrEqual(expected: number | bigint): void
  toBeLessThan(expected: number | bigint): void
  toBeLessThanOrEqual(expected: number | bigint): void
  /** Nearer than half a unit of this many digits after the point; default 2. */
  toBeCloseTo(expected: number, digits?: number): void
  /** One of these values. */
  toBeOneOf(expected: readonly unknown[]): void
  toBeTruthy(): void
  toBeFalsy(): void
  toBeNull(): void
  toBeUndefined(): void
  toBeDefined(): void
}

/** What `check()` and its like collect: a scenario is written once, and runs in the same way whatever its kind. */
export interface ScenarioDefinition {
  readonly kind: 'check' | 'bot'
  readonly name: string
  /** As the author gave them, but for functions: they stay in the process that has the file loaded. */
  readonly options: object
  readonly body: (fixtures: Fixtures, inside: Inside) => unknown
  /** The author's own function, whose parameters tell what it wants; `body` may stand around it. */
  readonly written: (...parameters: never[]) => unknown
  /** Where `check(` stands, 1-based. */
  readonly line: number
}

/** What the attempt's process knows besides: for a kind's own fixtures, not for authors. */
export interface Inside {
  /** The operations of each service that the gateway leads to. */
  readonly catalogue: Readonly<Record<string, Readonly<Record<string, { method: string; path: string }>>>>
  /** What control handed out for the run, beside organization and credential. */
  readonly more: unknown
  /** Asks the parent process, which alone holds a credential of control's. */
  ask(question: string, argument: unknown): Promise<unknown>
}
