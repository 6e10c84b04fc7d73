/**
 * The contract of every store, as scenarios that use only the interface. `describeStore` runs them on any ground, that is
 * with any place for the items: memory, the embedded DynamoDB, a real one.
 */

import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { Store } from '../../lib/store/store.ts';
import { FakeClock } from '../support/clock.ts';
import { describeAlerts } from './contract/alerts.ts';
import { describeChecks } from './contract/checks.ts';
import { describeCursors } from './contract/cursors.ts';
import { describeFleetDays } from './contract/fleet-days.ts';
import { describeHistory } from './contract/history.ts';
import { describeManualChecks } from './contract/manual-checks.ts';
import { describePackedChecks } from './contract/packed-checks.ts';
import { describeRegistrations } from './contract/registrations.ts';
import { describeStatuses } from './contract/statuses.ts';
import { describeTicks } from './contract/ticks.ts';
import { describeTransitions } from './contract/transitions.ts';

/** The storage below a store. */
export interface Ground {
  /** Removes all items of the scenario before. */
  empty(): Promise<void>;
  /** A store on this ground; all stores on it share their items. */
  open(now: () => Date): Store;
  close(): Promise<void>;
}

/** The store and the tools of one scenario. Each scenario gets new ones. */
export interface Scenario {
  store: Store;
  /** Another instance on the same ground, like another process. */
  other: Store;
  clock: FakeClock;
}

export function describeStore(name: string, prepare: () => Promise<Ground>): void {
  describe(`the store ${name}`, () => {
    let ground: Ground;
    let scenario: Scenario;
    const current = (): Scenario => scenario;

    beforeAll(async () => {
      ground = await prepare();
    });

    beforeEach(async () => {
      await ground.empty();
      const clock = new FakeClock();
      scenario = { clock, store: ground.open(clock.now), other: ground.open(clock.now) };
      return () => {
        scenario.store.close();
        scenario.other.close();
      };
    });

    afterAll(() => ground.close());

    describeStatuses(current);
    describeRegistrations(current);
    describeChecks(current);
    describePackedChecks(current);
    describeHistory(current);
    describeFleetDays(current);
    describeTransitions(current);
    describeCursors(current);
    describeTicks(current);
    describeManualChecks(current);
    describeAlerts(current);
  });
}
