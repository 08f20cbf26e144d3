/** Headers as names and values in turns, without those that `drop` picks by their names in lower case. Pure. */
export function withoutHeaders(headers: readonly string[], drop: (name: string) => boolean): string[] {
  const left: string[] = []
  for (let index = 0; index < headers.length; index += 2)
    if (!drop(headers[index]!.toLowerCase())) left.push(headers[index]!, headers[index + 1]!)
  return left
}
