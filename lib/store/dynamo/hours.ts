/** HOUR and DAY items. Writes need no conditions, because the same checks always make the same items. */

import { dayItem, daysFromItems, daysRange } from '../items/day-item.ts';
import { hourItems, hoursFromItems, hoursRange } from '../items/hour-item.ts';
import type { DayStore, HourStore } from '../store.ts';
import { readRange } from './pages.ts';
import type { Table } from './table.ts';

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
