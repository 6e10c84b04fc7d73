/**
 * The size of an item in bytes by DynamoDB's rules, which decides its capacity units. Names and texts count their UTF-8 bytes, a
 * number about one byte for two digits, a list or map 3 bytes and one for each entry.
 */

export function itemSize(item: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

function valueSize(value: unknown): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + 1 + valueSize(entry), 3);
  if (typeof value !== 'object') throw new Error(`item: expected a value that DynamoDB knows, got a ${typeof value}`);
  return Object.entries(value).reduce((sum, [name, entry]) => sum + 1 + Buffer.byteLength(name) + valueSize(entry), 3);
}

function numberSize(value: number): number {
  const [mantissa = ''] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '').length;
  // Half a byte for each digit, rounded up; an odd exponent can need half a byte more. One byte for the exponent, one for a sign.
  return Math.ceil((digits + 1) / 2) + 1 + (value < 0 ? 1 : 0);
}
