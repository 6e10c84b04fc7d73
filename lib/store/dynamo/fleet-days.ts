/** FLEET items: put without conditions, since the same days always make the same items. */

import { fleetDaysFromItems, fleetDaysItems } from '../items/fleet-days-item.ts';
import { FLEET_DAYS_PARTITION } from '../items/keys.ts';
import type { FleetDayStore } from '../store.ts';
import type { Table } from './table.ts';

export function dynamoFleetDays(table: Table, now: () => Date): FleetDayStore {
  return {
    async put(shard, providers) {
      for (const item of fleetDaysItems(shard, providers)) await table.put(item);
    },
    // Not consistent: it costs half, and what was written a moment ago can wait.
    list: async () => fleetDaysFromItems(await table.queryAll(FLEET_DAYS_PARTITION, { consistent: false }), now()),
  };
}
