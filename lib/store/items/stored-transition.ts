/**
 * Transitions inside a STATUS item: the last one, and those that it carries (../unrecorded.ts). Where the last check failed
 * in the same way, the last transition does not repeat the failure: `check` stands for it. Otherwise each has its own, cut
 * shorter, since the last check's may be as long.
 */

import type { HealthCheck } from '../../health/check.ts';
import type { Transition } from '../../health/transition.ts';
import { AttributeTable, always, coded, unless } from './attribute-table.ts';
import { optional } from './fields.ts';
import { CATEGORY, EPOCH_MS, FAULT, type Item, NUMBER, STATE, TEXT, TRUE } from './kinds.ts';
import { lesserText } from './text.ts';

const CHANGE = new AttributeTable<Pick<Transition, 'from' | 'to' | 'at' | 'lastedMs'>>({
  from: always(STATE),
  to: always(STATE),
  at: coded({ kind: EPOCH_MS, write: Date.parse, read: isoTime }),
  lastedMs: always(NUMBER, { as: 'lasted' }),
});

const CAUSE = new AttributeTable<Pick<Transition, 'category' | 'fault' | 'errorMessage'>>({
  category: unless(null, CATEGORY, { as: 'cat' }),
  fault: unless(null, FAULT),
  errorMessage: unless(null, TEXT, { as: 'err', write: lesserText }),
});

/** @param check The last check; null for a transition that is not the last. */
export function writeTransition(transition: Transition, check: HealthCheck | null): Item {
  const map = CHANGE.write(transition);
  return isCauseOf(check, transition) ? { ...map, check: true } : CAUSE.write(transition, map);
}

/** @throws {ItemError} */
export function verifyTransition(map: Item): void {
  CHANGE.verify(map);
  optional(map, 'check', TRUE, null);
  CAUSE.verify(map);
}

/** Takes the attributes as they are: see {@link verifyTransition}. */
export function readTransition(map: Item, provider: string, lastCheck: HealthCheck | null): Transition {
  const change = CHANGE.read(map);
  const { category, fault, errorMessage } = map.check && lastCheck ? lastCheck : CAUSE.read(map);
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

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
