/** Applies the limits on manual checks: reads the usage, decides, and writes on condition that the usage did not change. */

import { MANUAL_CHECK_KEY } from '../items/keys.ts';
import { NO_USAGE, takeManualCheck, usageFromItem, usageItem } from '../items/manual-usage.ts';
import type { ManualCheckStore } from '../store.ts';
import { isAbsent, isOfWrite } from './conditions.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';
import { newWriteId } from './write-id.ts';

export function dynamoManualChecks(table: Table): ManualCheckStore {
  async function read() {
    const item = await table.get(MANUAL_CHECK_KEY);
    return { item, usage: item ? readable('usage of manual checks', () => usageFromItem(item)) : NO_USAGE };
  }

  return {
    async peek(key, now, limit) {
      const { usage } = await read();
      const verdict = takeManualCheck(usage, key, now, limit);
      return verdict.granted ? { granted: true } : verdict;
    },

    async claim(key, now, limit, checks) {
      const writeId = newWriteId();
      // Each lost race means that another caller got a check, so after `perHour` races the limit is used up.
      for (let races = 0; races <= limit.perHour; races++) {
        const { item, usage } = await read();
        if (item?.w === writeId) return { granted: true };
        const verdict = takeManualCheck(usage, key, now, limit, checks);
        if (!verdict.granted) return verdict;
        const unchanged = item ? isOfWrite(String(item.w)) : isAbsent(now);
        if (await table.put(usageItem(verdict.usage, writeId), unchanged)) return { granted: true };
      }
      return { granted: false, retryAfterSeconds: 1 };
    },
  };
}
