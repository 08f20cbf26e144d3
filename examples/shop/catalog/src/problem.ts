export interface Finding {
  /** Where in the request, as a JSON pointer: `/body/price`. */
  path: string
  message: string
}

/** An error that the caller may see, answered as RFC 9457 problem. `code` is stable, `detail` is for people. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly findings: Finding[]

  constructor(status: number, code: string, detail: string, findings: Finding[] = []) {
    super(detail)
    this.status = status
    this.code = code
    this.findings = findings
  }

  toJSON(): object {
    return {
      type: `https://shop.example/problems/${this.code}`,
      title: (this.code.charAt(0).toUpperCase() + this.code.slice(1)).replaceAll('_', ' '),
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.findings.length > 0 ? { findings: this.findings } : {}),
    }
  }
}
