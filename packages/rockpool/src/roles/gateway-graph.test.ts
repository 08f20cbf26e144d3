import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** The packages that our own files bring along when the module is loaded in a process of its own. */
function packagesOf(module: string): string[] {
  const program = `
    import { registerHooks } from 'node:module'
    const names = new Set()
    registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context)
        const isOurs = !context.parentURL?.includes('/node_modules/')
        if (isOurs && found.url.includes('/node_modules/')) names.add(specifier)
        return found
      },
    })
    await import(${JSON.stringify(module)})
    console.log(JSON.stringify([...names].toSorted()))
    process.exit()`
  const output = execFileSync(
    process.execPath,
    ['--conditions=@rockpool/source', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  )
  return JSON.parse(output) as string[]
}

// As many files as the gateway has, each stripped of its types: seconds where other tests run beside it.
test(
  'the gateway loads what it serves with, and nothing of databases, of other clients, the queue, the browser, the API or the command line',
  { timeout: 60_000 },
  () => {
    const gateway = new URL('gateway.ts', import.meta.url).href
    expect(packagesOf(gateway)).toEqual(['pino', 'zod'])
  },
)
