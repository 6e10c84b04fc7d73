/** A TRANSITION item. One inside a status is in stored-transition.ts. */

import type { Transition } from '../../health/transition.ts';
import { CATEGORY, FAULT, message } from './check-item.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, compact, type Item, NUMBER, optional, required, SCHEMA_VERSION, TEXT, TIME } from './fields.ts';
import { transitionKey } from './keys.ts';
import { STATE } from './stored-transition.ts';

/** @param writeId Distinguishes a write of our own whose answer was lost from another one. */
export function transitionItem(transition: Transition, writeId: string, days = RETENTION.transitions): Item {
  return compact({
    ...transitionKey(transition.id),
    v: SCHEMA_VERSION,
    w: writeId,
    ...expiring(transition.at, days),
    // An attribute of its own because a filter cannot look at keys.
    provider: transition.provider,
    at: transition.at,
    from: transition.from,
    to: transition.to,
    category: transition.category,
    fault: transition.fault,
    errorMessage: transition.errorMessage && message(transition.errorMessage),
    lastedMs: transition.lastedMs,
  });
}

/** @throws {ItemError} */
export function transitionFromItem(item: Item): Transition {
  checkVersion(item);
  return {
    id: required(item, 'sk', TEXT),
    provider: required(item, 'provider', TEXT),
    from: required(item, 'from', STATE),
    to: required(item, 'to', STATE),
    at: required(item, 'at', TIME),
    category: optional(item, 'category', CATEGORY, null),
    fault: optional(item, 'fault', FAULT, null),
    errorMessage: optional(item, 'errorMessage', TEXT, null),
    lastedMs: required(item, 'lastedMs', NUMBER),
  };
}
