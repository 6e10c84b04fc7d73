/** The history that a monitor keeps: of each provider by hour and day, and the days of all together. */

import type { Store } from '../store/store.ts';
import { createFleetDaysKeeper, type FleetDaysKeeper } from './fleet-days.ts';
import { createHistoryKeeper, type HistoryKeeper } from './keeper.ts';

export interface History {
  keeper: HistoryKeeper;
  fleetDays: FleetDaysKeeper;
}

export function createHistory(store: Pick<Store, 'checks' | 'hours' | 'days' | 'fleetDays'>): History {
  const keeper: HistoryKeeper = createHistoryKeeper(store, (provider, day) => fleetDays.made(provider, day));
  const fleetDays = createFleetDaysKeeper(store, (provider) => keeper.completeMs(provider));
  return { keeper, fleetDays };
}
