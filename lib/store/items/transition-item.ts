/** A TRANSITION item. The last transition inside a status has another form: see stored-transition.ts. */

import type { Transition } from '../../health/transition.ts';
import { type AttributeTable, always, orNull, parseAttributes, writeAttributes } from './attribute-table.ts';
import { expiring, RETENTION } from './expiry.ts';
import { checkVersion, SCHEMA_VERSION } from './fields.ts';
import { transitionKey } from './keys.ts';
import type { Item } from './kinds.ts';

const FIELDS: AttributeTable<Transition> = {
  id: always('text', 'sk'),
  // An attribute of its own, because a filter cannot use keys.
  provider: always('text'),
  at: always('time'),
  from: always('state'),
  to: always('state'),
  category: orNull('category'),
  fault: orNull('fault'),
  errorMessage: orNull('message'),
  lastedMs: always('number'),
};

/** @param writeId Marks the write, so that it is recognised when its answer was lost. */
export function transitionItem(transition: Transition, writeId: string, days = RETENTION.transitions): Item {
  return writeAttributes(FIELDS, transition, {
    ...transitionKey(transition.id),
    v: SCHEMA_VERSION,
    w: writeId,
    ...expiring(transition.at, days),
  });
}

/** @throws {ItemError} */
export function transitionFromItem(item: Item): Transition {
  checkVersion(item);
  return parseAttributes(FIELDS, item);
}
