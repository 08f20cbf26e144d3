import { z } from 'zod'
import { cut, words } from '../names.ts'
import type { Fix, RuleContext } from '../types.ts'
import { rule } from './rule.ts'

const name = z.string().min(1)

/** Words that leave people out, in names and in what is said of them. */
export const inclusiveWords = rule({
  id: 'inclusive-words',
  title: 'names and descriptions use inclusive words',
  why: 'Words that belittle people keep people away, and once they stand in an API they stay.',
  how: 'Use the other word; in descriptions --fix does it.',
  fixes: true,
  options: z.strictObject({
    words: z.record(z.string().regex(/^[a-z]+$/), name.regex(/^[a-z]+$/)).default({
      whitelist: 'allowlist',
      whitelisted: 'allowed',
      blacklist: 'denylist',
      blacklisted: 'denied',
      slave: 'replica',
      slaves: 'replicas',
      manpower: 'workforce',
    }),
  }),
  check(context, options) {
    const others = new Map(Object.entries(options.words))
    const pattern = new RegExp(`\\b(?:${[...others.keys()].join('|') || '(?!)'})\\b`, 'gi')
    for (const { at, text, member, isName } of texts(context)) {
      const found = isName
        ? words(text)
            .split('_')
            .filter((word) => others.has(word))
        : [...text.matchAll(pattern)].map(([word]) => word.toLowerCase())
      for (const word of new Set(found)) {
        const rewrite = (whole: string) =>
          whole.replaceAll(pattern, (one) => inCaseOf(one, others.get(one.toLowerCase())!))
        const fix: Fix = { kind: 'rewrite', at, member: member ?? '', rewrite }
        context.tell(at, `${isName ? `${cut(text)}: ` : ''}“${word}” is “${others.get(word)}” here`, {
          ...(member === undefined ? {} : { member }),
          ...(isName ? {} : { fix }),
        })
      }
    }
  },
})

/** `Whitelist` becomes `Allowlist`, `WHITELIST` `ALLOWLIST`. */
function inCaseOf(written: string, word: string): string {
  if (written === written.toUpperCase()) return word.toUpperCase()
  return written[0] === written[0]!.toUpperCase() ? word[0]!.toUpperCase() + word.slice(1) : word
}

interface Text {
  at: object
  text: string
  member?: string
  isName: boolean
}

function* texts({ contract, views }: RuleContext): Generator<Text> {
  for (const operation of views.operations) {
    yield { at: operation, text: operation.path, isName: true }
    if (operation.isNamed) yield { at: operation, text: operation.id, member: 'operationId', isName: true }
    yield* described(operation)
    for (const one of operation.parameters) {
      yield { at: one, text: one.name, member: 'name', isName: true }
      yield* described(one)
    }
  }
  for (const [of, schema] of contract.schemas) {
    if (typeof schema !== 'object') continue
    yield { at: schema, text: of, isName: true }
    yield* described(schema)
  }
  for (const { fields } of views.models)
    for (const { at, name: of } of fields) {
      if (at === undefined) continue
      yield { at, text: of, isName: true }
      yield* described(at)
    }
}

function* described(at: { summary?: string | null; description?: string | null } | object): Generator<Text> {
  for (const member of ['summary', 'description'] as const) {
    const text = (at as Record<string, unknown>)[member]
    if (typeof text === 'string' && text !== '') yield { at, text, member, isName: false }
  }
}
