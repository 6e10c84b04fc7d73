/** DynamoDB's attribute values as plain ones: of the kinds that a status has. Spares programs the import of a library. */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type AttributeMap = Record<string, AttributeValue>;

export function itemFromAttributes(attributes: AttributeMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, plain(value)]));
}

/** Undefined for a kind that no status has, so that reading it says what was expected. */
function plain(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.M !== undefined) return itemFromAttributes(value.M);
  if (value.L !== undefined) return value.L.map(plain);
  return value.NULL ? null : undefined;
}
