import type { Policy } from '../../../src/contracts/differences/types.ts'

/** Two documents that differ in one thing, and what is found then. */
export interface Case {
  id: string
  before: string
  after: string
  /** What the same edit necessarily is besides. */
  also: string[]
  policy: Policy
}

/** More of a case, where it has more. */
export interface CaseMore {
  also?: string[]
  policy?: Policy
}

/** The day of a test, on which nothing is asked for. */
export const today: Policy = { today: '2026-11-23', noticeDays: { stable: 0, beta: 0 } }
export const ninetyDays: Policy = { today: '2026-11-23', noticeDays: { stable: 90, beta: 30 } }

/** How a group of cases makes documents of what is different. */
export type Template = (part: string, version: string) => string

/** Cases whose documents come of one template. The version rises, so that nothing is said about it. */
export function casesOf(template: Template) {
  return (id: string, before: string, after: string, { also = [], policy = today }: CaseMore = {}): Case => ({
    id,
    before: template(before, '1.0.0'),
    after: template(after, '2.0.0'),
    also,
    policy,
  })
}

/** A document, in which the members of the root are as they are given. */
export function documentOf(root: string, version: string): string {
  return `openapi: 3.1.0\ninfo: { title: Things, version: ${version} }\n${root}\n`
}

/** A document of one operation, whose members are as they are given. */
export function operationOf(members: string, version: string): string {
  const all = members === '' ? '' : `, ${members}`
  return documentOf(
    `paths: { /things: { get: { responses: { 200: { description: Things } }${all} } } }`,
    version,
  )
}
