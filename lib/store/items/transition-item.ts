/** A TRANSITION item. The last transition inside a status has another form: see stored-transition.ts. */

import type { Transition } from '../../health/transition.ts';
import { AttributeTable, always, unless } from './attribute-table.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, SCHEMA_VERSION } from './fields.ts';
import { transitionKey } from './keys.ts';
import { CATEGORY, FAULT, type Item, NUMBER, STATE, TEXT, TIME } from './kinds.ts';
import { message } from './text.ts';

const FIELDS = new AttributeTable<Transition>({
  id: always(TEXT, { as: 'sk' }),
  // An attribute of its own because a filter cannot look at keys.
  provider: always(TEXT),
  at: always(TIME),
  from: always(STATE),
  to: always(STATE),
  category: unless(null, CATEGORY),
  fault: unless(null, FAULT),
  errorMessage: unless(null, TEXT, { write: message }),
  lastedMs: always(NUMBER),
});

/** @param writeId Distinguishes a write of our own whose answer was lost from another one. */
export function transitionItem(transition: Transition, writeId: string, days = RETENTION.transitions): Item {
  return FIELDS.write(transition, {
    ...transitionKey(transition.id),
    v: SCHEMA_VERSION,
    w: writeId,
    ...expiring(transition.at, days),
  });
}

/** @throws {ItemError} */
export function transitionFromItem(item: Item): Transition {
  checkVersion(item);
  return FIELDS.parse(item);
}
