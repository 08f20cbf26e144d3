import type { Finding } from '../kernel/index.ts'
import { originOfMember, originOf } from './source/origins.ts'

/** `error`: the document cannot be meant so, and is refused. `warning`: it is understood, and ought to be mended. */
export type FindingLevel = 'error' | 'warning'

/** One thing that is wrong with a document, and where; its `path` is a JSON pointer. */
export interface ContractFinding extends Finding {
  level: FindingLevel
}

/** Gathers findings. More than `most` of them help nobody, and are not kept. */
export class Findings {
  readonly all: ContractFinding[] = []
  private readonly most: number

  constructor(most = 5_000) {
    this.most = most
  }

  get hasErrors(): boolean {
    return this.all.some(({ level }) => level === 'error')
  }

  /** Errors first, and what they leave room for by their places. */
  inOrder(): ContractFinding[] {
    const rank = ({ level }: ContractFinding) => (level === 'error' ? 0 : 1)
    return this.all.toSorted((one, other) => rank(one) - rank(other) || (one.line ?? 0) - (other.line ?? 0))
  }

  /** About an object of a document, or about one of its members. */
  error(at: object, message: string, member?: string | number): void {
    this.add('error', at, message, member)
  }

  /** As `error`; the document is understood all the same. */
  warning(at: object, message: string, member?: string | number): void {
    this.add('warning', at, message, member)
  }

  private add(level: FindingLevel, at: object, message: string, member: string | number | undefined): void {
    const origin = member === undefined ? originOf(at) : originOfMember(at, member)
    const finding: ContractFinding = { level, path: origin?.pointer || '(the whole)', message }
    if (origin !== undefined) Object.assign(finding, { file: origin.file, line: origin.line })
    // An error is never crowded out by warnings.
    const isKept = this.all.length < this.most || (level === 'error' && this.all.length < 2 * this.most)
    if (isKept) this.all.push(finding)
  }
}
