import { encodings, type Encoding } from './files.ts'

/** The members of an Accept or Accept-Encoding header that are not refused by `q=0`, in lower case. Pure. */
function accepted(header: string | null): Set<string> {
  const members = (header ?? '').toLowerCase().split(',')
  return new Set(
    members.flatMap((member) => {
      const [name = '', ...parameters] = member.split(';').map((part) => part.trim())
      return parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)) ? [] : [name]
    }),
  )
}

/** Paths that are data for whoever asks: a person who opens them wants to see that data. */
const data = /^\/(?:openapi\.json$|health$|live$|\.well-known\/|internal\/|assets\/)/

/**
 * Whether a page is asked for, and no operation: they share their paths. A browser that navigates says `text/html`;
 * programs, and the page itself when it asks for data, do not. Pure.
 */
export function wantsPage(path: string, accept: string | null): boolean {
  return !data.test(path) && accepted(accept).has('text/html')
}

/** The smallest encoding that there is and that the client takes. Pure. */
export function chooseEncoding(header: string | null, available: ReadonlySet<Encoding>): Encoding {
  const taken = accepted(header)
  return encodings.find((encoding) => available.has(encoding) && taken.has(encoding)) ?? 'identity'
}
