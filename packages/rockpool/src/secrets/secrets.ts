import { problem } from '../kernel/index.ts'
import type { Clock, Database, Secret as InstallationSecret } from '../kernel/index.ts'
import { createCipher } from './cipher.ts'
import { deleteSecret, selectSealed, selectSecrets, takeSealed, upsertSecret } from './store.ts'
import type { Secret, TakenSecrets } from './types.ts'

/** Values for checks, encrypted in Postgres. */
export interface Secrets {
  /**
   * Gives the name its value. `by`: the credential or member that does. `replace`: instead of any it had (the default);
   * else `conflict` where it has another, and nothing changes where it has this one.
   */
  set(name: string, value: string, by: string | null, replace?: boolean): Promise<Secret>
  /** All, by name. */
  list(): Promise<Secret[]>
  /** `not_found` when there is none. */
  remove(name: string): Promise<void>
  /** The values of these names for a run that is under way. */
  take(run: string, names: readonly string[]): Promise<TakenSecrets>
}

export function createSecrets(options: {
  database: Database
  secret: Pick<InstallationSecret, 'derive'>
  clock: Clock
  /** For the command that is named where a value is missing. */
  installation: string
}): Secrets {
  const { database, clock, installation } = options
  const cipher = createCipher(options.secret)
  const now = () => new Date(clock.now())
  const command = (name: string) => `“rockpool secret set ${name} --installation ${installation}” sets it`

  return {
    set: (name, value, by, replace = true) =>
      database.transaction(async (tx) => {
        const before = replace ? undefined : await selectSealed(tx, name)
        if (before && cipher.open(name, before.sealed) !== value)
          throw problem('conflict', `the secret “${name}” has another value already`)
        return before?.secret ?? upsertSecret(tx, { name, sealed: cipher.seal(name, value), by, at: now() })
      }),
    list: () => selectSecrets(database),
    async remove(name) {
      if (!(await deleteSecret(database, name))) throw problem('not_found', `there is no secret “${name}”`)
    },
    async take(run, names) {
      const sealed = new Map(
        (await takeSealed(database, names, run, now())).map((row) => [row.name, row.sealed]),
      )
      const taken: TakenSecrets = { values: {}, missing: {} }
      for (const name of names) {
        const found = sealed.get(name)
        const value = found && cipher.open(name, found)
        if (value !== undefined) taken.values[name] = value
        else if (!found) taken.missing[name] = `the secret ${name} is not set: ${command(name)}`
        else
          taken.missing[name] =
            `the secret ${name} was encrypted under another installation’s secret, or changed: ${command(name)} anew`
      }
      return taken
    },
  }
}
