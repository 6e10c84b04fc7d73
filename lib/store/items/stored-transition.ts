/**
 * Transitions in a STATUS item: the last one, and the unrecorded ones (../unrecorded.ts). If the last check failed in the same
 * way, the last transition does not repeat the failure: it has `check: true` instead. All others store their failure with a
 * shorter text.
 */

import type { HealthCheck } from '../../health/check.ts';
import type { Transition } from '../../health/transition.ts';
import {
  type AttributeTable,
  always,
  orNull,
  readAttributes,
  verifyAttributes,
  writeAttributes,
} from './attribute-table.ts';
import { optional } from './fields.ts';
import { timeFrom } from './forms.ts';
import type { Item } from './kinds.ts';

const CHANGE: AttributeTable<Pick<Transition, 'from' | 'to' | 'at' | 'lastedMs'>> = {
  from: always('state'),
  to: always('state'),
  at: always('epochMs', 'at', timeFrom),
  lastedMs: always('number', 'lasted'),
};

const CAUSE: AttributeTable<Pick<Transition, 'category' | 'fault' | 'errorMessage'>> = {
  category: orNull('category', 'cat'),
  fault: orNull('fault'),
  errorMessage: orNull('lesserText', 'err'),
};

/** @param check The last check; null for an unrecorded transition. */
export function writeTransition(transition: Transition, check: HealthCheck | null): Item {
  const map = writeAttributes(CHANGE, transition);
  return isCauseOf(check, transition) ? { ...map, check: true } : writeAttributes(CAUSE, transition, map);
}

/** @throws {ItemError} */
export function verifyTransition(map: Item): void {
  verifyAttributes(CHANGE, map);
  optional(map, 'check', 'true', null);
  verifyAttributes(CAUSE, map);
}

/** Reads a transition without checking its attributes: see {@link verifyTransition}. */
export function readTransition(map: Item, provider: string, lastCheck: HealthCheck | null): Transition {
  const change = readAttributes(CHANGE, map);
  const { category, fault, errorMessage } = map.check && lastCheck ? lastCheck : readAttributes(CAUSE, map);
  return { id: `${change.at}#${provider}`, provider, ...change, category, fault, errorMessage };
}

function isCauseOf(check: HealthCheck | null, { category, fault, errorMessage }: Transition): boolean {
  return (
    check !== null &&
    category !== null &&
    check.category === category &&
    check.fault === fault &&
    check.errorMessage === errorMessage
  );
}
