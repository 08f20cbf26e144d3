import { z } from 'zod'
import { operation } from '../kernel/index.ts'

export const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'use at most 100 capital letters, digits and _, beginning with a letter')

/** UTF-8. Shorter than four characters a value could not be told from ordinary text, and nothing would hide it. */
export const secretValue = z
  .string()
  .min(4, 'a secret has at least 4 characters')
  .refine((value) => Buffer.byteLength(value) <= 64 * 1024, 'a secret has at most 64 KB')
  .refine((value) => value.trim() !== '' && !value.includes('\0'), 'that is no text')

const secret = z
  .object({
    name: z.string(),
    version: z.int().describe('raised by each value that replaces another'),
    setBy: z.string().nullable(),
    setAt: z.iso.datetime(),
    takenBy: z.string().nullable().describe('the run that took it last'),
    takenAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Secret' })

const params = z.strictObject({ secret: secretName })

export const listSecrets = operation({
  id: 'secrets.list',
  method: 'GET',
  path: '/secrets',
  summary: 'List the secrets by name; never a value',
  scope: 'read',
  answers: { 200: z.object({ items: z.array(secret) }) },
})

export const setSecret = operation({
  id: 'secrets.set',
  method: 'PUT',
  path: '/secrets/{secret}',
  summary: 'Give a secret its value',
  description: 'The value is encrypted, and no operation gives it back. It counts from the next run on.',
  scope: 'admin',
  params,
  body: z.strictObject({
    value: secretValue,
    replace: z
      .boolean()
      .default(true)
      .describe('false: another value that it has stays, and this is a conflict; the same one is none'),
  }),
  answers: { 200: secret },
})

export const removeSecret = operation({
  id: 'secrets.remove',
  method: 'DELETE',
  path: '/secrets/{secret}',
  summary: 'Remove a secret',
  scope: 'admin',
  params,
  answers: { 204: null },
})
