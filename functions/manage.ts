/** What changes something through the API, and manual checks: never open, and with the right to read the keys. */

import { handle } from 'hono/aws-lambda';
import { createApp } from '../lib/api/app.ts';
import { HealthChecker } from '../lib/checker/checker.ts';
import { SHARDS } from '../lib/checker/tick/shards.ts';
import { log } from './shared/log.ts';
import { openMonitor } from './shared/monitor.ts';

const { config, addressPolicy, store, tickSeconds } = openMonitor(import.meta.url);
// What there is to tell is told by the function on the table's stream.
const checker = new HealthChecker({
  config,
  addressPolicy,
  store,
  log,
  onNotices: async () => {},
  limitManualChecks: true,
});

export const handler = handle(
  createApp({ store, checker, declared: config.providers, monitor: { tickSeconds, shards: SHARDS }, log }),
);
