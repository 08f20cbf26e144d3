/** `price` in minor units, as people write it: 4900 EUR is €49.00. Pure. */
export function formatMoney(price: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const { maximumFractionDigits = 2 } = format.resolvedOptions()
  return format.format(price / 10 ** maximumFractionDigits)
}
