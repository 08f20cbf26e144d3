/** A path as the gateway understands it: `path` is what is routed, and what is sent. */
export type Target =
  | {
      ok: true
      /** Normalised: percent-encodings of unreserved characters undone, the others in upper case (RFC 3986 6.2.2). */
      path: string
      /** The query with its `?`, unchanged; or ''. */
      query: string
      /** Decoded segments, for parameters. */
      segments: readonly string[]
    }
  | { ok: false; detail: string }

const maxPathLength = 4096
const maxSegments = 64

/**
 * Reads a request target in origin form (RFC 9112 3.2.1). Whatever two readers may understand differently is refused
 * rather than mended: dot segments, empty segments, encoded slashes and backslashes, control characters.
 */
export function readTarget(target: string): Target {
  if (target.length > maxPathLength * 2) return { ok: false, detail: 'the path is too long' }
  if (!target.startsWith('/'))
    return { ok: false, detail: 'the request target must be a path beginning with /' }
  return readPlain(target) ?? readClosely(target)
}

/** What a character of a target is; `inQuery`: what may stand there, and in no path that is plain. */
const other = 0
const inWord = 1
const dot = 2
const slash = 3
const mark = 4
const inQuery = 5

const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/[\w~-]/.test(character)) return inWord
  if (/[./?]/.test(character)) return { '.': dot, '/': slash, '?': mark }[character]!
  return /[\x21-\x7e]/.test(character) && character !== '#' ? inQuery : other
})

const kindAt = (text: string, at: number): number => {
  const code = text.charCodeAt(at)
  return code < 128 ? kinds[code]! : other
}

/**
 * Reads a target in one pass where nothing of its path is encoded, or could be read in two ways. Most are so. Undefined:
 * it has to be looked at closely. It begins with a slash.
 */
function readPlain(target: string): Target | undefined {
  const segments: string[] = []
  let begin = 1
  let at = 1
  for (; at < target.length; at++) {
    const kind = kindAt(target, at)
    if (kind === inWord) continue
    // Neither an empty segment, nor one that begins with a dot.
    if (at === begin) return undefined
    if (kind === mark) break
    if (kind === slash) {
      segments.push(target.slice(begin, at))
      begin = at + 1
    } else if (kind !== dot) return undefined
  }
  if (at === begin || at > maxPathLength || segments.length >= maxSegments) return undefined
  segments.push(target.slice(begin, at))
  for (let next = at; next < target.length; next++) if (kindAt(target, next) === other) return undefined
  return at === target.length
    ? { ok: true, path: target, query: '', segments }
    : { ok: true, path: target.slice(0, at), query: target.slice(at), segments }
}

function readClosely(target: string): Target {
  const question = target.indexOf('?')
  const raw = question < 0 ? target : target.slice(0, question)
  const query = question < 0 ? '' : target.slice(question)
  if (raw.length > maxPathLength) return { ok: false, detail: 'the path is too long' }
  if (!/^[\x21-\x7e]*$/.test(target))
    return { ok: false, detail: 'the path has characters that must be percent-encoded' }
  if (target.includes('#')) return { ok: false, detail: 'the path has a fragment' }
  if (/[\\"<>^`{|}]/.test(raw))
    return { ok: false, detail: 'the path has characters that must be percent-encoded' }
  if (/%(?![0-9a-fA-F]{2})/.test(raw))
    return { ok: false, detail: 'the path has an incomplete percent-encoding' }

  const path = raw.replace(/%[0-9a-fA-F]{2}/g, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[A-Za-z0-9\-._~]/.test(character) ? character : code.toUpperCase()
  })
  if (/%(2F|5C|0[0-9A-F]|1[0-9A-F]|7F)/.test(path))
    return { ok: false, detail: 'the path has an encoded slash, backslash or control character' }
  const encoded = path === '/' ? [] : path.slice(1).split('/')
  if (encoded.length > maxSegments) return { ok: false, detail: 'the path has too many segments' }
  const segments: string[] = []
  for (const [index, segment] of encoded.entries()) {
    // `..;x` too: some servers cut parameters off before they resolve dot segments.
    if (/^\.\.?(;|$)/.test(segment)) return { ok: false, detail: 'the path has a dot segment' }
    if (segment === '' && index < encoded.length - 1)
      return { ok: false, detail: 'the path has an empty segment' }
    const decoded = decode(segment)
    if (decoded === undefined) return { ok: false, detail: 'the path is not UTF-8' }
    segments.push(decoded)
  }
  return { ok: true, path, query, segments }
}

/** Undoes percent-encoding; undefined: what is encoded is not UTF-8. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
