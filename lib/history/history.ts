/** The history that a monitor keeps: of each provider by hour and day, and the days of all together. */

import type { Store } from '../store/store.ts';
import { createFleetDaysKeeper, type FleetDaysKeeper } from './fleet-days.ts';
import { createHistoryKeeper, type HistoryKeeper } from './keeper.ts';

export interface ShardHistory {
  keeper: HistoryKeeper;
  fleetDays: FleetDaysKeeper;
}

export interface History {
  /** What was kept of a shard is remembered apart, since a tick forgets the providers that are not its own. */
  ofShard(shard: string): ShardHistory;
}

export function createHistory(store: Pick<Store, 'checks' | 'hours' | 'days' | 'fleetDays'>): History {
  const shards = new Map<string, ShardHistory>();
  return {
    ofShard(shard) {
      const known = shards.get(shard) ?? createShardHistory(store);
      shards.set(shard, known);
      return known;
    },
  };
}

function createShardHistory(store: Pick<Store, 'checks' | 'hours' | 'days' | 'fleetDays'>): ShardHistory {
  const keeper: HistoryKeeper = createHistoryKeeper(store, (provider, day) => fleetDays.made(provider, day));
  const fleetDays = createFleetDaysKeeper(store, (provider) => keeper.completeMs(provider));
  return { keeper, fleetDays };
}
