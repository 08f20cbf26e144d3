import { healthPath } from '@rockpool/sdk/wire'
import { fileURLToPath } from 'node:url'
import type { ProcessSpec } from '../deploys/index.ts'
import { roleVariables } from './environment.ts'
import type { RoleEnvironment } from './environment.ts'

/*
 * Rockpool's own processes, as data for the supervisor. They are named rockpool-…, so that no service is mistaken for one.
 */

export type RoleName = 'control' | 'gateway' | 'relay' | 'runner'

/** The process of a role. */
export function roleProcess(
  role: RoleName,
  values: Partial<RoleEnvironment>,
  port: number | 'any',
): ProcessSpec {
  return {
    name: `rockpool-${role}`,
    command: ['node', fileURLToPath(import.meta.resolve('#src/roles/main.ts')), role],
    folder: values.data!,
    env: roleVariables(values),
    port,
    ready: { http: role === 'gateway' ? healthPath : '/health' },
  }
}
