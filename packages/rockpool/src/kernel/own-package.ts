import { registerHooks } from 'node:module'

let registered = false

/**
 * Lets configurations and check files `import … from 'rockpool'` in a folder where it is not installed: they get the
 * package of the Rockpool that runs them. One that is installed there goes first. For the whole process, once.
 */
export function provideOwnPackage(): void {
  if (registered) return
  registered = true
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context)
      } catch (error) {
        const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
        if (specifier !== 'rockpool' || !isMissing) throw error
        return { url: import.meta.resolve('#src/index.ts'), shortCircuit: true }
      }
    },
  })
}
