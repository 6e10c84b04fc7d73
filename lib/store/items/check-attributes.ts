/**
 * A check as attributes of an item: in a CHECK item, in a pack, and as the last check in a STATUS item. The response time and
 * the failure are plain attributes, for other programs. The rest is one compact map. Other attributes of the item hold the
 * provider, the time and the usual model.
 */

import type { FailedCheck, FirstAttempt, HealthCheck } from '../../health/check.ts';
import {
  type AttributeTable,
  always,
  map,
  orNull,
  readAttributes,
  unless,
  verifyAttributes,
  writeAttributes,
} from './attribute-table.ts';
import { optional, required } from './fields.ts';
import { timingsFrom, tokensFrom } from './forms.ts';
import type { Item } from './kinds.ts';

export const FIGURES: AttributeTable<Pick<HealthCheck, 'responseTimeMs'>> = { responseTimeMs: always('number') };

export const FAILURE: AttributeTable<Pick<FailedCheck, 'category' | 'fault' | 'errorMessage'>> = {
  category: always('category'),
  fault: always('fault'),
  errorMessage: unless('', 'message'),
};

const FIRST_ATTEMPT: AttributeTable<FirstAttempt> = {
  category: always('category', 'cat'),
  errorMessage: always('lesserText', 'err'),
  responseTimeMs: always('number', 'ms'),
};

/** Fields that are not in the map: plain attributes, fields in other attributes, and fields that follow from other fields. */
type OutsideMap = 'provider' | 'timestamp' | 'model' | 'isHealthy' | 'attempts' | keyof Plain;
type Plain = Pick<FailedCheck, 'responseTimeMs' | 'category' | 'fault' | 'errorMessage'>;

/** The map `check`: fields that only this product reads, under short names. */
const MAPPED: AttributeTable<Pick<HealthCheck, Exclude<keyof HealthCheck, OutsideMap>>> = {
  statusCode: orNull('number', 'code'),
  timings: always('timings', 'ms', timingsFrom),
  probe: unless('completion', 'probeKind'),
  tokens: orNull('tokens', 'tokens', tokensFrom),
  tokensPerSecond: orNull('number', 'rate'),
  requestId: orNull('requestId', 'req'),
  newConnection: orNull('flag', 'new'),
  resumed: unless(undefined, 'true', 'res'),
  uncertain: unless(false, 'flag', 'unsure'),
  warning: orNull('lesserText', 'warn'),
  trigger: unless('schedule', 'manual', 'manual', () => 'manual'),
  maintenance: unless(undefined, 'true', 'maint'),
  retryAfterMs: orNull('number', 'retryMs'),
  firstAttempt: map(null, FIRST_ATTEMPT, 'first'),
};

/** The fields of a failure in a good check. */
export const GOOD = { isHealthy: true, category: null, fault: null, errorMessage: null } as const;

/** @param usualModel The model that the item names. A check of another model also stores its model. */
export function writeCheck(check: HealthCheck, usualModel: string, item: Record<string, unknown> = {}): Item {
  writeAttributes(FIGURES, check, item);
  if (!check.isHealthy) writeAttributes(FAILURE, check, item);
  item.check = writeAttributes(MAPPED, check, check.model === usualModel ? {} : { model: check.model });
  return item;
}

/** @throws {ItemError} When the item has no check that can be understood. */
export function verifyCheck(item: Item): void {
  const mapped = required(item, 'check', 'map');
  verifyAttributes(FIGURES, item);
  optional(mapped, 'model', 'text', null);
  verifyAttributes(MAPPED, mapped);
  if (item.category !== undefined) verifyAttributes(FAILURE, item);
}

/** Reads a check without checking its attributes: see {@link verifyCheck}. */
export function readCheck(item: Item, provider: string, timestamp: string, usualModel: string): HealthCheck {
  const mapped = item.check as Item;
  const fields = readAttributes(MAPPED, mapped);
  return {
    provider,
    timestamp,
    model: mapped.model ?? usualModel,
    ...fields,
    attempts: fields.firstAttempt === null ? 1 : 2,
    ...readAttributes(FIGURES, item),
    ...(item.category === undefined ? GOOD : { isHealthy: false, ...readAttributes(FAILURE, item) }),
    // The compiler cannot see that these fields belong together; writing made sure of it.
  } as HealthCheck;
}
