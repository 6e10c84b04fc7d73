/** LIST items: the accepted provider list. Its compressed text is an item of its own, which is read only when it changes. */

import { gunzipSync, gzipSync } from 'node:zlib';
import { checkVersion, required, SCHEMA_VERSION } from '../items/fields.ts';
import { ACCEPTED_LIST_KEY, listTextKey } from '../items/keys.ts';
import type { ListStore } from '../lists.ts';
import type { DynamoClient } from './client.ts';
import { readable } from './readable.ts';
import { Table } from './table.ts';

/** An item may have 400 KB. A list of 10 000 providers needs about 150 KB. */
const MOST_BYTES = 380_000;

/** Whether the text of a list fits into an item. */
export function fitsItem(text: string): boolean {
  return gzipSync(text).byteLength <= MOST_BYTES;
}

/** @param client The store's client. The store closes it. */
export function createListStore(client: DynamoClient, tableName: string): ListStore {
  const table = new Table(client, tableName);

  async function accepted() {
    const item = await table.get(ACCEPTED_LIST_KEY);
    return item === null
      ? null
      : readable('the accepted list', () => {
          checkVersion(item);
          return { hash: required(item, 'hash', 'text'), acceptedAt: required(item, 'acceptedAt', 'time') };
        });
  }

  return {
    accepted,

    async textOf(hash) {
      const item = await table.get(listTextKey(hash));
      return item?.text instanceof Uint8Array ? gunzipSync(item.text).toString('utf8') : null;
    },

    async accept(list, text) {
      const before = await accepted();
      // Write the text first: a reader that sees the new hash must find its text.
      await table.put({ ...listTextKey(list.hash), v: SCHEMA_VERSION, text: gzipSync(text) });
      await table.put({ ...ACCEPTED_LIST_KEY, v: SCHEMA_VERSION, ...list });
      if (before !== null && before.hash !== list.hash) await table.delete(listTextKey(before.hash));
    },
  };
}
