/** The history that a monitor keeps: hours and days of each provider, and the days of the fleet. */

import type { Store } from '../store/store.ts';
import { createFleetDaysKeeper, type FleetDaysKeeper } from './fleet-days.ts';
import { createHistoryKeeper, type HistoryKeeper } from './keeper.ts';
import { createLostEnds, type LostEnds } from './lost-ends.ts';

export interface ShardHistory {
  keeper: HistoryKeeper;
  fleetDays: FleetDaysKeeper;
}

export interface History {
  lostEnds: LostEnds;
  /** Each shard has keepers of its own, because a tick removes the providers of other shards from their memory. */
  ofShard(shard: string): ShardHistory;
}

export function createHistory(store: Pick<Store, 'checks' | 'hours' | 'days' | 'fleetDays' | 'transitions'>): History {
  const shards = new Map<string, ShardHistory>();
  return {
    lostEnds: createLostEnds(store),
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
