import { HeaderSection } from '../../header-fields.ts'
import { ownText } from '../../own-text.ts'

/*
 * Heads of HTTP/1.1 messages, read strictly (RFC 9112 2 to 6). Whatever two readers may understand differently is
 * refused rather than mended: bare CR or LF, folded lines, controls, space before a colon, two lengths, a length and
 * chunks, transfer codings other than chunked.
 */

/** Bytes of a head, its last empty line included. */
export const maxHeadBytes = 16 * 1024
/** Fields of a head. */
export const maxHeaders = 200
const noHeaders: readonly string[] = []

/** What frames a message and its connection, besides its headers. */
export interface Message {
  /** Of HTTP/1.x. */
  minor: 0 | 1
  /** `Content-Length`; -1 without one. */
  length: number
  chunked: boolean
  /** The connection outlives this message, as far as its sender says (RFC 9112 9.3). */
  persists: boolean
  /** `Connection: close`, which outdoes `keep-alive`. */
  closes: boolean
}

export interface RequestMessage extends Message {
  /** Names and values in turns, as they came; values without the white space around them. */
  headers: readonly string[]
  method: string
  target: string
  /** `Expect: 100-continue` (RFC 9110 10.1.1). */
  expectsContinue: boolean
  /** How many `Host` there are. */
  hosts: number
}

export interface ResponseMessage extends Message {
  headers: HeaderSection
  status: number
  hasDate: boolean
  /** Seconds that the sender keeps an idle connection (`Keep-Alive: timeout=5`); -1: it does not say. */
  keepAliveS: number
}

const tokens = new Uint8Array(256)
for (const character of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  tokens[character.charCodeAt(0)] = 1

/** What may stand in a line: all but controls, of which the tab may. */
const isText = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 9 || (byte > 31 && byte !== 127) ? 1 : 0,
)

export const incomplete = 0
export const malformed = -1

/**
 * Looks for the end of the head that begins at `start`; all before `from` was looked at already. Gives the index after
 * its empty line, `incomplete`, or `malformed` as soon as a byte may stand in no head.
 */
export function scanHead(bytes: Uint8Array, start: number, from: number, end: number): number {
  // A CR at the end of what was looked at waits for its LF.
  let index = from > start && bytes[from - 1] === 13 ? from - 1 : from
  while (index < end) {
    const byte = bytes[index]!
    if (isText[byte] === 1) index++
    else if (byte !== 13) return malformed
    else if (index + 1 === end) return incomplete
    else if (bytes[index + 1] !== 10) return malformed
    else {
      index += 2
      if (index - start >= 4 && bytes[index - 3] === 10) return index
    }
  }
  return incomplete
}

/** A scanned head of a request, without its empty line. */
export function readRequest(text: string): RequestMessage | 'malformed' | 'headers too large' {
  const lineEnd = text.indexOf('\r\n')
  const line = readRequestLine(text, lineEnd)
  if (line === undefined) return 'malformed'
  const { minor } = line
  const message: RequestMessage = {
    headers: noHeaders,
    minor,
    length: -1,
    chunked: false,
    persists: minor === 1,
    closes: false,
    method: line.method,
    target: line.target,
    expectsContinue: false,
    hosts: 0,
  }
  const marks: number[] = []
  if (!readFields(text, lineEnd + 2, marks, message, noticeInRequest))
    return isCrowded(marks) ? 'headers too large' : 'malformed'
  if (message.hosts === 0 && minor === 1) return 'malformed'
  message.headers = new HeaderSection(text, marks).list
  if (!isPath(message.target)) message.persists = false
  return message
}

/** The same fields behind another request line, which ends at `lineEnd`. Undefined: it is malformed, or not of HTTP/1.1. */
export function readAgain(text: string, lineEnd: number, before: RequestMessage): RequestMessage | undefined {
  const line = readRequestLine(text, lineEnd)
  if (line === undefined || line.minor !== 1) return undefined
  const { method, target } = line
  const { headers, length, chunked, closes, expectsContinue, hosts } = before
  const persists = !closes && isPath(target)
  return { headers, minor: 1, length, chunked, persists, closes, method, target, expectsContinue, hosts }
}

/** Whoever sends a target that is none (RFC 9112 3.2) takes us for something else: this is its last request. */
function isPath(target: string): boolean {
  return target.startsWith('/') && !target.includes('#')
}

/** RFC 9112 3. */
function readRequestLine(
  text: string,
  lineEnd: number,
): { method: string; target: string; minor: 0 | 1 } | undefined {
  const methodEnd = skipToken(text, 0, lineEnd)
  if (methodEnd === 0 || text.charCodeAt(methodEnd) !== 32) return undefined
  const targetEnd = lineEnd - 9
  if (targetEnd <= methodEnd + 1) return undefined
  for (let index = methodEnd + 1; index < targetEnd; index++) {
    const code = text.charCodeAt(index)
    if (code <= 32 || code >= 127) return undefined
  }
  const minor = readVersion(text, targetEnd + 1)
  if (text.charCodeAt(targetEnd) !== 32 || minor < 0) return undefined
  return {
    method: text.slice(0, methodEnd),
    target: text.slice(methodEnd + 1, targetEnd),
    minor: minor as 0 | 1,
  }
}

/** A scanned head of a response, without its empty line. Undefined: malformed. */
export function readResponse(text: string): ResponseMessage | undefined {
  const lineEnd = text.indexOf('\r\n')
  const minor = readVersion(text, 0)
  if (minor < 0 || lineEnd < 12 || text.charCodeAt(8) !== 32) return undefined
  if (lineEnd > 12 && text.charCodeAt(12) !== 32) return undefined
  const status = readDigits(text, 9, 12)
  if (status < 100 || status > 999) return undefined
  const marks: number[] = []
  const message: ResponseMessage = {
    headers: new HeaderSection(text, marks),
    minor: minor as 0 | 1,
    length: -1,
    chunked: false,
    persists: minor === 1,
    closes: false,
    status,
    hasDate: false,
    keepAliveS: -1,
  }
  return readFields(text, lineEnd + 2, marks, message, noticeInResponse) ? message : undefined
}

function noticeInRequest(message: RequestMessage, name: string, value: string): boolean {
  if (name === 'host') return ++message.hosts === 1 && isHost(value)
  if (name === 'expect')
    message.expectsContinue = message.minor === 1 && value.toLowerCase() === '100-continue'
  return noticeFraming(message, name, value)
}

function noticeInResponse(message: ResponseMessage, name: string, value: string): boolean {
  if (name === 'date') message.hasDate = true
  else if (name === 'keep-alive') {
    const seconds = readKeepAlive(value)
    if (seconds >= 0) message.keepAliveS = seconds
  }
  return noticeFraming(message, name, value)
}

/** What a service says of its idle connections it says with each answer. */
let lastKeepAlive = ''
let lastKeepAliveS = -1

function readKeepAlive(value: string): number {
  if (value === lastKeepAlive) return lastKeepAliveS
  const seconds = /(?:^|[,\s])timeout=(\d{1,6})(?:$|[,\s])/i.exec(value)?.[1]
  lastKeepAlive = ownText(value)
  lastKeepAliveS = seconds === undefined ? -1 : Number(seconds)
  return lastKeepAliveS
}

/** Fields of a trailer section (RFC 9112 7.1.2), each with its line end. Undefined: malformed. */
export function readTrailers(text: string): string[] | undefined {
  const marks: number[] = []
  if (!readLines(text, 0, marks, undefined, () => true)) return undefined
  return [...new HeaderSection(text, marks).list]
}

/** What is to be done with a field whose name may be one that we look at, in lower case. False: malformed. */
type Notice<M> = (message: M, name: string, value: string) => boolean

/** Fields, and what of them frames the message. */
function readFields<M extends Message>(
  text: string,
  from: number,
  marks: number[],
  message: M,
  notice: Notice<M>,
): boolean {
  const isValid = readLines(text, from, marks, message, notice)
  return isValid && !(message.chunked && message.length >= 0)
}

function noticeFraming(message: Message, name: string, value: string): boolean {
  if (name === 'content-length') {
    if (message.length >= 0 || value.length > 15) return false
    message.length = readDigits(value, 0, value.length)
    return message.length >= 0
  }
  if (name === 'transfer-encoding') {
    if (message.chunked || message.minor === 0 || value.toLowerCase() !== 'chunked') return false
    message.chunked = true
  } else if (name === 'connection') {
    // As most say it, and nothing new in HTTP/1.1.
    if (value === 'keep-alive' && message.minor === 1) return true
    const options = value.toLowerCase().split(',')
    message.closes ||= options.some((option) => option.trim() === 'close')
    if (message.closes) message.persists = false
    else if (message.minor === 0 && options.some((option) => option.trim() === 'keep-alive'))
      message.persists = true
  }
  return true
}

/** Puts into `marks` where the fields lie, as a HeaderSection wants it. */
function readLines<M>(text: string, from: number, marks: number[], message: M, notice: Notice<M>): boolean {
  let start = from
  while (start < text.length) {
    const lineEnd = text.indexOf('\r\n', start)
    const nameEnd = skipToken(text, start, lineEnd)
    // A folded line begins with white space, and white space before the colon ends the name too early.
    if (nameEnd === start || text.charCodeAt(nameEnd) !== 58) return false
    if (isCrowded(marks)) return false
    let first = nameEnd + 1
    let last = lineEnd
    while (first < last && isSpace(text.charCodeAt(first))) first++
    while (last > first && isSpace(text.charCodeAt(last - 1))) last--
    marks.push(start, nameEnd, first, last)
    if (isNoticed(text.charCodeAt(start), nameEnd - start)) {
      const name = text.slice(start, nameEnd).toLowerCase()
      if (!notice(message, name, text.slice(first, last))) return false
    }
    start = lineEnd + 2
  }
  return true
}

/** By the length of a name and its first letter: host date · expect · connection keep-alive · content-length · transfer-encoding */
function isNoticed(first: number, length: number): boolean {
  const letter = first | 32
  if (length === 4) return letter === letters.h || letter === letters.d
  if (length === 6) return letter === letters.e
  if (length === 10) return letter === letters.c || letter === letters.k
  if (length === 14) return letter === letters.c
  return length === 17 && letter === letters.t
}

const letters = { c: 99, d: 100, e: 101, h: 104, k: 107, t: 116 } as const

function isCrowded(marks: readonly number[]): boolean {
  return marks.length === maxHeaders * 4
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9
}

function skipToken(text: string, from: number, to: number): number {
  let index = from
  while (index < to && tokens[text.charCodeAt(index)] === 1) index++
  return index
}

/** The 0 or 1 of `HTTP/1.1`, which stands at `from`; -1: it is none. */
function readVersion(text: string, from: number): number {
  if (!text.startsWith('HTTP/1.', from)) return -1
  const minor = text.charCodeAt(from + 7) - 48
  return minor === 0 || minor === 1 ? minor : -1
}

function readDigits(text: string, from: number, to: number): number {
  if (from === to) return -1
  let number = 0
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

/** `uri-host [ ":" port ]` (RFC 9110 7.2, RFC 3986 3.2.2), by its characters; empty is allowed. */
export function isHost(value: string): boolean {
  return /^(?:\[[0-9A-Fa-fv:.]+\]|[A-Za-z0-9\-._~%!$&'()*+,;=]*)(?::\d*)?$/.test(value)
}
