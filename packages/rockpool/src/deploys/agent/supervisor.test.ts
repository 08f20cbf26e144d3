import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../../kernel/index.ts'
import { alive, answering, script, testSupervisor, until } from '../../../test/support/agent.ts'

describe('a process under the supervisor', () => {
  test('is running once it answers, at the port it was given', async () => {
    const supervisor = testSupervisor()
    const status = await supervisor.start(
      script('web', answering, { port: 'any', ready: { http: '/health' } }),
    )
    expect(status).toMatchObject({ state: 'running', reason: null, restarts: 0 })
    expect(await (await fetch(status.url!)).text()).toBe(String(status.pid))
  })

  test('gets nothing of our environment beside what every process needs', async () => {
    process.env['ROCKPOOL_TEST_SECRET'] = 'not for services'
    vi.stubEnv('NODE_COMPILE_CACHE', '/nowhere/cache')
    onTestFinished(() => {
      delete process.env['ROCKPOOL_TEST_SECRET']
      vi.unstubAllEnvs()
    })
    const supervisor = testSupervisor()
    const source = `console.log(JSON.stringify(process.env)); setInterval(() => {}, 1e6)`
    await supervisor.start(script('plain', source, { ready: { line: 'TEST_WORD' } }))
    const environment = JSON.parse(
      readFileSync(join(supervisor.folder, 'logs/plain.ndjson'), 'utf8').split('\n')[1]!,
    )
    expect(Object.keys(environment)).toEqual(expect.arrayContaining(['PATH', 'TEST_WORD']))
    expect(environment).toHaveProperty('NODE_COMPILE_CACHE', '/nowhere/cache')
    expect(environment).not.toHaveProperty('ROCKPOOL_TEST_SECRET')
    expect(environment).not.toHaveProperty('NODE_OPTIONS')
  })

  test('that dies is started again, at the same URL', async () => {
    const supervisor = testSupervisor()
    const first = await supervisor.start(script('mortal', answering, { port: 'any', ready: { tcp: true } }))
    process.kill(first.pid!, 'SIGKILL')
    await until('it failed', () => supervisor.status('mortal')?.state === 'failed')
    expect(supervisor.status('mortal')?.reason).toMatch(/killed by SIGKILL.* started again in 200 ms/)
    await until('it runs again', () => supervisor.status('mortal')?.state === 'running')
    const second = supervisor.status('mortal')!
    expect(second).toMatchObject({ url: first.url, restarts: 1 })
    expect(second.pid).not.toBe(first.pid)
  })

  test('that cannot start says why, in its own words, and pauses longer each time', async () => {
    const supervisor = testSupervisor()
    const pauses: number[] = []
    supervisor.onChange(({ reason }) => {
      const ms = /again in (\d+) ms/.exec(reason ?? '')?.[1]
      if (ms) pauses.push(Number(ms))
    })
    const status = await supervisor.start(script('broken', `throw new TypeError('no card reader')`))
    if (status.state === 'running')
      await until('it failed', () => supervisor.status('broken')?.state === 'failed')
    expect(supervisor.status('broken')?.reason).toContain('it ended with code 1: TypeError: no card reader')
    await until('it was tried three times', () => pauses.length >= 3)
    expect(pauses.slice(0, 3)).toEqual([200, 400, 800])
  })

  test('that never becomes ready is ended and counts as failed', async () => {
    const supervisor = testSupervisor()
    const spec = script('deaf', 'setInterval(() => {}, 1e6)', {
      port: 'any',
      ready: { http: '/' },
      readyWithinMs: 300,
    })
    const status = await supervisor.start(spec)
    expect(status.state).toBe('failed')
    expect(status.reason).toMatch(/not ready within 300 ms: .*ECONNREFUSED/)
    await supervisor.stop('deaf')
    expect(alive(spec.word)).toEqual([])
  })

  test('that answers 500 is not ready, and one that answers 404 is', async () => {
    const supervisor = testSupervisor()
    const answers = (code: number) =>
      `require('node:http').createServer((_, r) => { r.statusCode = ${code}; r.end() }).listen(process.env.PORT, '127.0.0.1')`
    const more = { port: 'any', ready: { http: '/health' }, readyWithinMs: 3_000 } as const
    const [five, four] = await Promise.all([
      supervisor.start(script('five', answers(500), more)),
      supervisor.start(script('four', answers(404), more)),
    ])
    expect(five.reason).toContain('/health answered 500')
    expect(four.state).toBe('running')
  })

  test('whose program is missing is unavailable, with the reason', async () => {
    const supervisor = testSupervisor()
    const missing = await supervisor.start(script('quotes', '', { requires: ['python-of-nowhere'] }))
    expect(missing).toMatchObject({
      state: 'unavailable',
      reason: 'python-of-nowhere is not installed on this machine',
    })
    const none = await supervisor.start({ ...script('none', ''), command: ['no-such-program'] })
    expect(none.reason).toBe('there is no program no-such-program on this machine')
  })

  test('whose folder is missing says so', async () => {
    const status = await testSupervisor().start(script('lost', answering, { folder: '/nowhere/at/all' }))
    expect(status.reason).toContain('its folder /nowhere/at/all is not there')
  })

  test('takes another port when the preferred one is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const taken = (server.address() as { port: number }).port
    const status = await testSupervisor().start(
      script('second', answering, { port: taken, ready: { tcp: true } }),
    )
    expect(status.state).toBe('running')
    expect(status.port).not.toBe(taken)
  })

  test.runIf(process.platform === 'linux')(
    'is never taken for another’s that got the port which it was about to use',
    async () => {
      const { port } = await freePort()
      const late = (ms: number) => `setTimeout(() => {${answering}}, ${ms})`
      const wish = { port, ready: { http: '/' } } as const
      const [first, second] = [testSupervisor(), testSupervisor()]
      const starting = second.start(script('second', late(1_500), wish))
      await until('it has chosen the port', () => second.status('second')?.pid != null)
      expect(await first.start(script('first', late(0), wish))).toMatchObject({ state: 'running', port })
      const status = await starting
      expect(status).toMatchObject({ state: 'running', restarts: 0 })
      expect(status.port).not.toBe(port)
      expect(await (await fetch(status.url!)).text()).toBe(String(status.pid))
    },
  )

  test('whose port was taken before it listened gets another one at once', async () => {
    const supervisor = testSupervisor()
    const squatter = createServer()
    onTestFinished(() => void squatter.close())
    const states: string[] = []
    supervisor.onChange(({ state, pid, port }) => {
      states.push(state)
      if (pid !== null && !squatter.listening) squatter.listen(port!, '127.0.0.1')
    })
    const late = `setTimeout(() => {${answering}}, 300)`
    const status = await supervisor.start(script('late', late, { port: 'any', ready: { http: '/' } }))
    expect(status.state).toBe('running')
    expect(status.port).not.toBe((squatter.address() as { port: number }).port)
    expect(states).not.toContain('failed')
  })

  test('that is being started again says meanwhile why it ended', async () => {
    const supervisor = testSupervisor()
    const starts: (string | null)[] = []
    supervisor.onChange(({ state, pid, reason }) => {
      if (state === 'starting' && pid !== null) starts.push(reason)
    })
    void supervisor.start(
      script('broken', `throw new TypeError('no catalog')`, { port: 'any', ready: { tcp: true } }),
    )
    await until('it was started again', () => starts.length >= 2)
    expect(starts[0]).toBe('it is not ready yet')
    expect(starts[1]).toBe('it is being started again: it ended with code 1: TypeError: no catalog')
  })
})

describe('stopping', () => {
  const family = (body: string) => `
    const { spawn } = require('node:child_process')
    const idle = ['-e', 'setInterval(() => {}, 1e6)']
    spawn(process.execPath, idle)                                             // in its group
    spawn(process.execPath, idle, { detached: true, stdio: 'ignore' }).unref() // has left it
    ${body}
    setTimeout(() => console.log('family complete'), 50)
    setInterval(() => {}, 1e6)`

  test('leaves nothing of the family, nor of its files', async () => {
    const supervisor = testSupervisor()
    const spec = script('family', family(''), { ready: { line: 'family complete' } })
    await supervisor.start(spec)
    expect(alive(spec.word)).toHaveLength(3)
    await supervisor.stop('family')
    expect(alive(spec.word)).toEqual([])
    expect(supervisor.status('family')).toMatchObject({ state: 'stopped', pid: null })
    expect(readdirSync(join(supervisor.folder, 'processes'))).toEqual([])
  })

  test('kills what ignores SIGTERM after the grace period', async () => {
    const supervisor = testSupervisor({ graceMs: 300 })
    const spec = script('stubborn', family(`process.on('SIGTERM', () => {})`), {
      ready: { line: 'family complete' },
    })
    await supervisor.start(spec)
    const since = performance.now()
    await supervisor.stop('stubborn')
    expect(performance.now() - since).toBeGreaterThan(290)
    expect(alive(spec.word)).toEqual([])
  })

  test('lets a process finish what it does', async () => {
    const supervisor = testSupervisor()
    const source = `process.on('SIGTERM', () => setTimeout(() => { console.log('goodbye'); process.exit() }, 200))
      console.log('hello'); setInterval(() => {}, 1e6)`
    await supervisor.start(script('polite', source, { ready: { line: 'hello' } }))
    await supervisor.stop('polite')
    expect(readFileSync(join(supervisor.folder, 'logs/polite.ndjson'), 'utf8')).toContain('goodbye')
  })

  test('while it starts, or while it waits to be started again, ends it too', async () => {
    const supervisor = testSupervisor()
    const starting = script('starting', 'setInterval(() => {}, 1e6)', { port: 'any', ready: { tcp: true } })
    const first = supervisor.start(starting)
    await until('it was started', () => alive(starting.word).length === 1)
    await supervisor.stop('starting')
    expect((await first).state).toBe('stopped')
    expect(alive(starting.word)).toEqual([])

    const dying = script('dying', 'process.exit(3)')
    await supervisor.start(dying)
    await until('it waits', () => supervisor.status('dying')?.state === 'failed')
    await supervisor.stop('dying')
    expect(supervisor.status('dying')?.state).toBe('stopped')
  })

  test('and starting by many at once leaves exactly one', async () => {
    const supervisor = testSupervisor()
    const spec = script('contended', answering, { port: 'any', ready: { tcp: true } })
    await Promise.all([
      supervisor.start(spec),
      supervisor.stop('contended'),
      supervisor.start(spec),
      supervisor.start(spec),
    ])
    await until('it runs', () => supervisor.status('contended')?.state === 'running')
    expect(alive(spec.word)).toEqual([supervisor.status('contended')!.pid])
  })
})

describe('the log of a process', () => {
  test('holds JSON lines as they were, and the others wrapped with their stream', async () => {
    const supervisor = testSupervisor()
    const source = `console.log('{"level":"info","msg":"as it was"}'); console.error('plain'); setTimeout(() => console.log('done'), 50); setInterval(() => {}, 1e6)`
    await supervisor.start(script('talker', source, { ready: { line: 'done' } }))
    const lines = readFileSync(join(supervisor.folder, 'logs/talker.ndjson'), 'utf8').trim().split('\n')
    const parsed = lines.map((line) => JSON.parse(line))
    expect(parsed).toContainEqual({ level: 'info', msg: 'as it was' })
    expect(parsed).toContainEqual({ time: expect.any(String), stream: 'stderr', message: 'plain' })
  })

  test('never outgrows its bound, whatever the process writes', async () => {
    const supervisor = testSupervisor({ maxLogBytes: 100_000 })
    const source = `
      for (let i = 0; i < 5000; i++) console.log('line ' + i + ' ' + 'x'.repeat(100))
      process.stdout.write('y'.repeat(300000) + '\\n', () => console.log('written'))
      setInterval(() => {}, 1e6)`
    await supervisor.start(script('chatty', source, { ready: { line: 'written' } }))
    const size = (file: string) => statSync(join(supervisor.folder, 'logs', file)).size
    expect(readdirSync(join(supervisor.folder, 'logs')).sort()).toEqual(['chatty.1.ndjson', 'chatty.ndjson'])
    expect(size('chatty.ndjson')).toBeLessThanOrEqual(100_000)
    expect(size('chatty.1.ndjson')).toBeLessThanOrEqual(100_000)
  })
})
