/** PROVIDER items. */

import { isExpired } from '../items/expiry.ts';
import { REGISTRATION_PARTITION, registrationKey } from '../items/keys.ts';
import { registrationFromItem, registrationItem } from '../items/registration-item.ts';
import type { RegistrationStore } from '../store.ts';
import type { Table } from './table.ts';

export function dynamoRegistrations(table: Table, now: () => Date): RegistrationStore {
  async function get(provider: string) {
    const item = await table.get(registrationKey(provider));
    return item === null || isExpired(item, now()) ? null : registrationFromItem(item);
  }

  return {
    get,

    async list() {
      const items = await table.queryAll(REGISTRATION_PARTITION);
      return items.filter((item) => !isExpired(item, now())).map(registrationFromItem);
    },

    async put(registration) {
      await table.put(registrationItem(registration));
    },

    async delete(provider) {
      // Read first: DynamoDB's answer to a deletion that is sent again would say that the item did not exist.
      const existed = (await get(provider)) !== null;
      await table.delete(registrationKey(provider));
      return existed;
    },
  };
}
