/** The store on DynamoDB: one table, one client, and a part for each kind of item. */

import { setTimeout as delay } from 'node:timers/promises';
import { RETENTION, type Retention } from '../items/expiry.ts';
import type { Store } from '../store.ts';
import { dynamoAlerts } from './alerts.ts';
import { dynamoChecks } from './checks.ts';
import { type ClientOptions, createClient, type DynamoClient, type Pauses } from './client.ts';
import { dynamoFleetDays } from './fleet-days.ts';
import { dynamoDays, dynamoHours } from './hours.ts';
import { dynamoManualChecks } from './manual-checks.ts';
import { dynamoRegistrations } from './registrations.ts';
import { dynamoStatuses } from './statuses.ts';
import { Table } from './table.ts';
import { dynamoTicks } from './ticks.ts';
import { dynamoTransitions } from './transitions.ts';

interface CommonOptions extends Pauses {
  tableName: string;
  /** The clock that decides which items have expired. Default: the system's clock. */
  now?: () => Date;
  /** For how many days each kind of item is kept. Default: `RETENTION`. */
  retention?: Retention;
}

/** The caller must close a client that it passes in. A client that is created here is closed by `close()`. */
export type DynamoStoreOptions = CommonOptions &
  ((ClientOptions & { client?: never }) | ({ client: DynamoClient } & { [Option in keyof ClientOptions]?: never }));

/**
 * A store in a table with the keys `pk` and `sk`. It sends no request before it is used. `verify()` checks that the table exists
 * and has these keys.
 *
 * @example
 * const store = createDynamoStore({ tableName: 'provider-health', endpoint: 'http://127.0.0.1:8000' });
 * await store.verify();
 */
export function createDynamoStore(options: DynamoStoreOptions): Store {
  const { tableName, now = () => new Date(), sleep = (ms) => delay(ms), random = Math.random } = options;
  const { retention = RETENTION } = options;
  const client = options.client ?? createClient(options);
  const table = new Table(client, tableName);
  return {
    statuses: dynamoStatuses(table, now),
    registrations: dynamoRegistrations(table, now),
    checks: dynamoChecks(table, { now, sleep, random, keptDays: retention.checks }),
    hours: dynamoHours(table, now, retention.hours),
    days: dynamoDays(table, now, retention.days),
    fleetDays: dynamoFleetDays(table, now),
    transitions: dynamoTransitions(table, now, retention.transitions),
    ticks: dynamoTicks(table),
    manualChecks: dynamoManualChecks(table),
    alerts: dynamoAlerts(table, now, retention.transitions),
    verify: () => table.verify(),
    close() {
      if (!options.client) client.destroy();
    },
  };
}
