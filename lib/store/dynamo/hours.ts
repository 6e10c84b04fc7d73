/** HOUR and DAY items: put without conditions, since the same checks always make the same items. */

import { dayItem, daysFromItems, daysRange } from '../items/day-item.ts';
import { hourItems, hoursFromItems, hoursRange } from '../items/hour-item.ts';
import type { Item } from '../items/kinds.ts';
import type { DayStore, HourStore } from '../store.ts';
import { isNotExpired } from './conditions.ts';
import type { Table } from './table.ts';

interface KeyRange {
  pk: string;
  first: string;
  last: string;
}

export function dynamoHours(table: Table, now: () => Date, keptDays?: number): HourStore {
  return {
    async put(hour) {
      for (const item of hourItems(hour, keptDays)) await table.put(item);
    },
    async list(provider, range) {
      return hoursFromItems(provider, await readRange(table, hoursRange(provider, range), now()));
    },
  };
}

export function dynamoDays(table: Table, now: () => Date, keptDays?: number): DayStore {
  return {
    async put(day) {
      await table.put(dayItem(day, keptDays));
    },
    async list(provider, range) {
      return daysFromItems(provider, await readRange(table, daysRange(provider, range), now()));
    },
  };
}

/** All items of the range, oldest first. Not consistent: it costs half, and the past does not change. */
async function readRange(table: Table, { pk, first, last }: KeyRange, now: Date): Promise<Item[]> {
  const items: Item[] = [];
  if (first > last) return items;
  let after: string | null = null;
  do {
    const page = await table.query({
      pk,
      between: { first, last },
      filter: isNotExpired(now),
      ...(after !== null && { after }),
    });
    items.push(...page.items);
    after = page.lastKey;
  } while (after !== null);
  return items;
}
