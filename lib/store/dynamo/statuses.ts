/** STATUS items. A write succeeds only if the stored status is the one that the new status was computed from. */

import { BRIEF_ATTRIBUTES } from '../items/brief-status-item.ts';
import { isExpired } from '../items/expiry.ts';
import { STATUS_PARTITION, statusKey, TOUCHED_KEY } from '../items/keys.ts';
import { briefStatusesFromItems, statusesFromItems, statusFromItem, statusItem } from '../items/status-item.ts';
import { touchedItem, writeOfTouched } from '../items/touched-item.ts';
import type { StatusStore } from '../store.ts';
import { hasVersion, isAbsent } from './conditions.ts';
import { readable } from './readable.ts';
import type { Table } from './table.ts';
import { newWriteId } from './write-id.ts';

export function dynamoStatuses(table: Table, now: () => Date): StatusStore {
  return {
    async get(provider) {
      const item = await table.get(statusKey(provider));
      if (item === null || isExpired(item, now())) return null;
      return readable(`status of ${provider}`, () => statusFromItem(item));
    },

    async list() {
      return statusesFromItems(await table.queryAll(STATUS_PARTITION), now());
    },

    async listBrief() {
      return briefStatusesFromItems(await table.queryAll(STATUS_PARTITION, { only: BRIEF_ATTRIBUTES }), now());
    },

    async some(providers) {
      const items = await table.getAll([...new Set(providers)].map(statusKey));
      return statusesFromItems(
        items.sort((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1)),
        now(),
      );
    },

    /**
     *   reader        version 7                        version 8
     *   writer A   ──── read 7 ─── put if 7 ──────────── stored
     *   writer B   ──── read 7 ──────────── put if 7 ─── conflict: read 8, apply the check to it
     *   writer A lost its answer and repeats: put if 7 ─ fails, but the stored item has A's write id: stored
     */
    async put(status, basedOn, notice) {
      const writeId = newWriteId();
      const item = statusItem(status, notice, writeId);
      const unchanged = basedOn === null ? isAbsent(now()) : hasVersion(basedOn);
      if (await table.put(item, unchanged)) return 'stored';
      const winner = await table.get(statusKey(status.provider));
      return winner?.w === writeId ? 'stored' : 'conflict';
    },

    async delete(provider, basedOn) {
      await table.delete(statusKey(provider), basedOn === undefined ? undefined : hasVersion(basedOn));
    },

    async touch() {
      await table.put(touchedItem(newWriteId()));
    },

    async touched() {
      const item = await table.get(TOUCHED_KEY);
      return readable('mark of the statuses', () => writeOfTouched(item));
    },
  };
}
