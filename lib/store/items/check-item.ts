/** A CHECK item: a single check, outside of a pack. */

import type { HealthCheck } from '../../health/check.ts';
import { readCheck, verifyCheck, writeCheck } from './check-attributes.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, ItemError, required, SCHEMA_VERSION } from './fields.ts';
import { checkKey, providerOfCheckPartition } from './keys.ts';
import type { Item } from './kinds.ts';

export function checkItem(check: HealthCheck, days = RETENTION.checks): Item {
  return writeCheck(check, check.model, {
    ...checkKey(check.provider, check.timestamp),
    v: SCHEMA_VERSION,
    ...expiring(check.timestamp, days),
    model: check.model,
  });
}

/** @throws {ItemError} */
export function checkFromItem(item: Item): HealthCheck {
  checkVersion(item);
  const provider = providerOfCheckPartition(required(item, 'pk', 'text'));
  if (provider === null) throw new ItemError(`pk: expected CHECK# and an id, got "${item.pk}"`);
  verifyCheck(item);
  return readCheck(item, provider, required(item, 'sk', 'text'), required(item, 'model', 'text'));
}
