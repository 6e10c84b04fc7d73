/** A PROVIDER item. The provider is kept as the JSON that was put in: lib/config reads it, in this release and in later ones. */

import { parseJson } from '../../base/json.ts';
import type { Registration } from '../store.ts';
import { SCHEMA_VERSION } from './fields.ts';
import { registrationKey } from './keys.ts';
import type { Item } from './kinds.ts';

export function registrationItem({ provider, input, registeredAt }: Registration): Item {
  return { ...registrationKey(provider), v: SCHEMA_VERSION, registeredAt, input: JSON.stringify(input) };
}

/**
 * Never throws: a spoilt item gives its provider with the text that is there: parsing it names what is wrong, and the other
 * providers are read.
 */
export function registrationFromItem(item: Item): Registration {
  const registeredAt = typeof item.registeredAt === 'string' ? item.registeredAt : new Date(0).toISOString();
  return { provider: String(item.sk), input: parsed(item.input), registeredAt };
}

function parsed(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  const value = parseJson(input);
  return value === undefined ? input : value;
}
