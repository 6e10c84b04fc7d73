/** A PROVIDER item: a registered provider. It keeps the original JSON, which lib/config parses, also in later releases. */

import { parseJson } from '../../base/json.ts';
import type { Registration } from '../store.ts';
import { SCHEMA_VERSION } from './fields.ts';
import { registrationKey } from './keys.ts';
import type { Item } from './kinds.ts';

export function registrationItem({ provider, input, registeredAt }: Registration): Item {
  return { ...registrationKey(provider), v: SCHEMA_VERSION, registeredAt, input: JSON.stringify(input) };
}

/**
 * Never throws, so that one damaged item does not affect other providers. Its input is returned unchanged; parsing it reports
 * the mistake.
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
