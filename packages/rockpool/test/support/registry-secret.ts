import { secretFrom } from '../../src/kernel/index.ts'

/** The secret of the installation that tests of the registry have. */
export const registrySecret = secretFrom(Buffer.alloc(32, 7))
