/** FLEET items. Writes need no conditions, because the same days always make the same items. */

import { fleetDaysFromItems, fleetDaysItems } from '../items/fleet-days-item.ts';
import { FLEET_DAYS_PARTITION } from '../items/keys.ts';
import type { FleetDayStore } from '../store.ts';
import type { Table } from './table.ts';

export function dynamoFleetDays(table: Table, now: () => Date): FleetDayStore {
  return {
    async put(shard, providers) {
      for (const item of fleetDaysItems(shard, providers)) await table.put(item);
    },
    // An eventually consistent read costs half, and new days are not urgent.
    list: async () => fleetDaysFromItems(await table.queryAll(FLEET_DAYS_PARTITION, { consistent: false }), now()),
  };
}
