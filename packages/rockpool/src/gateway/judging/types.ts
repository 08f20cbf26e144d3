/*
 * Vocabulary of the contracts at the gateway
 *
 * judged      a call was held against the contract of its service, and what is wrong with it is known: its findings
 * judge       what holds calls against one contract
 * keeper      has the contracts that services name by their addresses, on disk and ready to judge
 * drift       an answer was held against the contract after it went out, and differs from it
 *
 *   control: loadContract ──► toOpenApi ──► text, by its hash
 *                                             │ the snapshot names the address, the gateway asks for the text
 *   gateway: contracts/ (disk) ◄── keeper ◄───┘
 *                                    └──► judge ◄── head, body of a call
 */

/** Where the texts of contracts come from. Rejects when it cannot be reached, or has none of this address. */
export interface ContractSource {
  contract(address: string, signal?: AbortSignal): Promise<Uint8Array>
}

/** What was found of a call that was let through all the same, or refused for it. Nothing of its values is in it. */
export interface ContractMet {
  /** How many things are wrong with it. */
  findings: number
  /** Where the first of them is, such as `body /lines/0/sku`. */
  first: string
}

/** What a gateway's process has found of one operation since it began. */
export interface ContractCount {
  service: string
  operation: string
  /** In requests. */
  findings: number
  /** In answers. */
  drift: number
  /** Answers that were to be looked at, and were not: there were too many. */
  dropped: number
}
