import { z } from 'zod'
import { isLoopbackHost } from './address.ts'

/*
 * contracts   what the installation does with the contracts that are pushed
 * notify      the origins that watchers may be told at; nothing is sent to any other
 */

const message =
  'write an origin, such as https://hooks.example.com; http is for this machine alone, and nothing stands behind the port'

const origin = z
  .string()
  .max(300)
  .transform((text, context) => {
    const url = URL.parse(text)
    const isOrigin = url !== null && `${url.origin}/` === url.href && !text.includes('*')
    const isPrivate =
      url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))
    if (isOrigin && isPrivate) return url.origin
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  })

export const contractsSchema = z
  .strictObject({ notify: z.array(origin).max(100).default([]) })
  .default({ notify: [] })
