import type { Findings } from '../findings.ts'

/** Operations, parameters, headers, responses and media types of a document, each as often as something leads to it. */
const mostParts = 100_000

/** A few lines may stand for any number of parts, by references to each other. */
export class Budget {
  private left = mostParts
  private readonly findings: Findings

  constructor(findings: Findings) {
    this.findings = findings
  }

  /** For parts that stand in `at`. False: there are too many, and these are left out. */
  spend(parts: number, at: object): boolean {
    if (this.left < 0) return false
    this.left -= parts
    if (this.left < 0)
      this.findings.error(
        at,
        `the document has more than ${mostParts} parts, with all that its references repeat`,
      )
    return this.left >= 0
  }
}
