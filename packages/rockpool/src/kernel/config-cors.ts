import { z } from 'zod'
import { parseDuration } from './duration.ts'

/*
 * CORS      which pages of other origins may read what a service answers (Fetch standard, CORS protocol)
 * origin    `https://app.example.com`; `https://*.example.com` for every host one label below; never a pattern elsewhere
 */

const originForm = /^(https?):\/\/((?:\*\.)?(?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(:[1-9]\d{0,4})?$/
const onThisMachine = /^(localhost|([a-z0-9-]+\.)+localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

const allowedOrigin = z
  .string()
  .max(300)
  .superRefine((text, context) => {
    const message = whatIsWrong(text)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'+.^_`|~-]{1,100}$/, 'write the name of one header; * is none')

/** Of one service, in `services`. Without it the gateway says nothing about CORS, and what the service says goes on. */
export const corsSchema = z
  .strictObject({
    origins: z.array(allowedOrigin).min(1, 'name the origins whose pages may read the answers').max(100),
    /** Pages may send cookies along, and read what is answered then. */
    credentials: z.boolean().default(false),
    /** Headers that pages may send, beside those that the gateway itself reads. */
    headers: z.array(headerName).max(100).default([]),
    /** Headers of answers that pages may read, beside those of the gateway. */
    expose: z.array(headerName).max(100).default([]),
    /** How long a browser may remember what it was told before a call. */
    maxAge: z
      .string()
      .refine(isShort, 'write whole seconds up to 1d, such as 10s, 10m or 2h')
      .default('10m')
      .transform((text) => parseDuration(text) / 1_000),
  })
  .transform(({ maxAge, ...rest }) => ({ ...rest, maxAgeS: maxAge }))
  .optional()

function whatIsWrong(text: string): string | undefined {
  if (text === '*') return 'name each origin: * would let every page read the answers'
  const [, scheme, host, port] = originForm.exec(text) ?? []
  if (scheme === undefined || host === undefined)
    return 'write an origin, such as https://app.example.com, or https://*.example.com: no path, and * for the first label only'
  // A browser leaves out the port that goes without saying: with it the origin would never match.
  if ((scheme === 'https' && port === ':443') || (scheme === 'http' && port === ':80'))
    return `leave out ${port}: browsers do`
  if (scheme === 'http' && !onThisMachine.test(host.replace('*.', '')))
    return 'write https: over http anybody on the way could be the page (http is for this machine alone)'
  if (host.startsWith('*.') && !host.slice(2).includes('.') && host !== '*.localhost')
    return 'below * there must be a domain of your own, such as *.example.com'
  return undefined
}

function isShort(text: string): boolean {
  try {
    const ms = parseDuration(text)
    return ms % 1_000 === 0 && ms <= 24 * 60 * 60 * 1_000
  } catch {
    return false
  }
}
