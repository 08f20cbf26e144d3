import { ruleOf } from '../rules.ts'
import type { Difference, Told, Weights } from '../types.ts'
import { operationText, plain, sentenceOf, summaryOf, usersOf, weightOf, weights } from './sentence.ts'
import type { Weight } from './sentence.ts'
import { trafficOf } from './traffic.ts'

const titles: Record<Weight, string> = {
  breaks: 'Breaks callers',
  'may break': 'May break callers',
  'breaks code': 'Breaks generated code',
  'says otherwise': 'Says something else',
  keeps: 'Breaks nothing',
}

/** Characters: below what the places where pull requests are talked about take for one comment (65,536). */
const mostCharacters = 60_000

/**
 * For a pull request: what breaks first, with how to keep it; what breaks nothing is folded away.
 * @param options `most`: so many are told, the worst of them, the others are counted; `traffic`: whom they meet, where it is
 * known
 */
export function formatMarkdown(differences: Difference[], { most = Infinity, traffic }: Told = {}): string {
  let room = most
  const blocks = [`**${summaryOf(differences)}**`]
  let left = mostCharacters
  for (const weight of weights) {
    const all = differences.filter((each) => weightOf(each) === weight)
    const lines: string[] = []
    for (const line of all.map((each) => lineOf(each, traffic))) {
      left -= line.length + 1
      if (left < 0 || room === 0) break
      room -= 1
      lines.push(line)
    }
    if (all.length === 0) continue
    if (lines.length < all.length) lines.push(`- … and ${all.length - lines.length} more`)
    blocks.push(
      weight === 'keeps' ? folded(titles[weight], lines) : `### ${titles[weight]}\n\n${lines.join('\n')}`,
    )
  }
  return blocks.join('\n\n') + '\n'
}

function folded(title: string, lines: string[]): string {
  return `<details><summary>${title}</summary>\n\n${lines.join('\n')}\n\n</details>`
}

function lineOf(difference: Difference, traffic: Weights | undefined): string {
  const { operation, place, rule } = difference
  const where = operation === null ? place : `${operationText(operation)} ${place}`
  const users = usersOf(difference, code)
  const { advice } = ruleOf(rule)
  const met = users === null ? '' : `, met by ${users}`
  const weight = trafficOf(difference, traffic, code)
  const seen = weight === null ? '' : ` **${capital(weight)}.**`
  const kept = advice === null ? '' : ` *${advice}*`
  return `- ${code(where)}: ${sentenceOf(difference, code)}${met} (${code(rule)}).${seen}${kept}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A text as it is, whatever marks are in it: between more backticks than it has (CommonMark 6.1). */
function code(text: string): string {
  const clean = plain(text)
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map(({ length }) => length))
  if (longest === 0) return `\`${clean}\``
  const fence = '`'.repeat(longest + 1)
  return `${fence} ${clean} ${fence}`
}
