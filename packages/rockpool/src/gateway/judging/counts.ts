import type { ContractCount } from './types.ts'

/** What this process has found, by service and operation. It only grows. */
export interface ContractCounts {
  found(service: string, operation: string, findings: number): void
  drifted(service: string, operation: string, findings: number): void
  dropped(service: string, operation: string): void
  values(): ContractCount[]
}

/** What comes beyond the bound counts under it. */
const other = '(other)'

/** @param most operations that are told apart */
export function createContractCounts({ most = 500 }: { most?: number } = {}): ContractCounts {
  const cells = new Map<string, ContractCount>()

  function cellOf(service: string, operation: string): ContractCount {
    const known = cells.get(`${service} ${operation}`)
    if (known !== undefined) return known
    if (cells.size >= most && service !== other) return cellOf(other, other)
    const cell = { service, operation, findings: 0, drift: 0, dropped: 0 }
    cells.set(`${service} ${operation}`, cell)
    return cell
  }

  return {
    found(service, operation, findings) {
      cellOf(service, operation).findings += findings
    },
    drifted(service, operation, findings) {
      cellOf(service, operation).drift += findings
    },
    dropped(service, operation) {
      cellOf(service, operation).dropped += 1
    },
    values: () => [...cells.values()],
  }
}
