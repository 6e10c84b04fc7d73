/**
 * Converts items to DynamoDB's JSON, where each value is in a map that names its type, and back. Only the types that this
 * product writes are supported.
 */

import type { Item } from './kinds.ts';

export type AttributeMap = Readonly<Record<string, unknown>>;

/** Undefined values are left out. @throws {TypeError} For a value that an attribute cannot hold. */
export function toAttributes(item: Item): Record<string, object> {
  const attributes: Record<string, object> = {};
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) attributes[name] = toAttribute(value, name);
  }
  return attributes;
}

/** A value of an unsupported type becomes undefined; the check of the attribute then reports what was expected. */
export function fromAttributes(attributes: AttributeMap): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  for (const name in attributes) item[name] = fromAttribute(attributes[name]);
  return item;
}

function toAttribute(value: unknown, name: string): object {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'number':
      if (Number.isFinite(value)) return { N: String(value) };
      break;
    case 'object':
      if (value === null) return { NULL: true };
      if (Array.isArray(value)) return { L: value.map((one) => toAttribute(one, name)) };
      if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
      if (Object.getPrototypeOf(value) === Object.prototype) return { M: toAttributes(value as Item) };
  }
  throw new TypeError(
    `attribute ${name}: expected text, a finite number, a flag, null, bytes, a list or a map, got ${value}`,
  );
}

function fromAttribute(attribute: unknown): unknown {
  const { S, N, BOOL, B, M, L, NULL } = attribute as Record<string, unknown>;
  if (S !== undefined) return S;
  // Do not throw for a number that a double cannot hold: the error would fail the whole Query, and so every provider.
  if (N !== undefined) return Number(N);
  if (BOOL !== undefined) return BOOL;
  if (B !== undefined) return new Uint8Array(Buffer.from(String(B), 'base64'));
  if (M !== undefined) return fromAttributes(M as AttributeMap);
  if (Array.isArray(L)) return L.map(fromAttribute);
  return NULL ? null : undefined;
}
