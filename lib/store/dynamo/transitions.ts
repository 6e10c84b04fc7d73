/** TRANSITION items: the log of changes of state. */

import { transitionKey } from '../items/keys.ts';
import { transitionItem } from '../items/transition-item.ts';
import { transitionsPage } from '../paging.ts';
import type { TransitionStore } from '../store.ts';
import { isAbsent } from './conditions.ts';
import { readPage } from './pages.ts';
import type { Table } from './table.ts';
import { newWriteId } from './write-id.ts';

export function dynamoTransitions(table: Table, now: () => Date, keptDays?: number): TransitionStore {
  return {
    async put(transition) {
      const writeId = newWriteId();
      if (await table.put(transitionItem(transition, writeId, keptDays), isAbsent(now()))) return true;
      // The caller sends no alert for a transition that is not new, so recognise our own write if its answer was lost.
      const first = await table.get(transitionKey(transition.id));
      return first?.w === writeId;
    },

    async page(provider, request) {
      return readPage(table, transitionsPage(provider, request), now());
    },
  };
}
