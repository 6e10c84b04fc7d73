/** LIST items: the list of providers in force. Its text is compressed, in an item of its own that is read when it changes. */

import { gunzipSync, gzipSync } from 'node:zlib';
import { checkVersion, required, SCHEMA_VERSION } from '../items/fields.ts';
import { ACCEPTED_LIST_KEY, listTextKey } from '../items/keys.ts';
import type { ListStore } from '../lists.ts';
import type { DynamoClient } from './client.ts';
import { readable } from './readable.ts';
import { Table } from './table.ts';

/** An item holds 400 KB; a list of 10 000 providers has some 150. */
const MOST_BYTES = 380_000;

/** Whether a list can be kept. */
export function fitsItem(text: string): boolean {
  return gzipSync(text).byteLength <= MOST_BYTES;
}

/** @param client Of the store, which closes it. */
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
      // The text first: who reads that it is in force must find it.
      await table.put({ ...listTextKey(list.hash), v: SCHEMA_VERSION, text: gzipSync(text) });
      await table.put({ ...ACCEPTED_LIST_KEY, v: SCHEMA_VERSION, ...list });
      if (before !== null && before.hash !== list.hash) await table.delete(listTextKey(before.hash));
    },
  };
}
