import { createRequire } from 'node:module'
import type pg from 'pg'

const require = createRequire(import.meta.url)

/** The driver of Postgres, loaded by whoever first needs it: the kernel is in every process, a database is not. */
export const loadDriver = () => require('pg') as typeof pg
