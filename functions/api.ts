/**
 * Serves the read routes of the API. The function may neither read the keys of providers nor write, so no mistake here
 * can do either.
 */

import { shardNames } from '../lib/health/shards.ts';
import { openAccess } from './shared/access.ts';
import { handlerInForce, httpHandler } from './shared/http.ts';
import { log } from './shared/log.ts';
import { memoizeByConfig, openMonitor } from './shared/monitor.ts';

const monitor = openMonitor(import.meta.url);
const { store, tickSeconds, shards, proofs } = monitor;
const access = monitor.access && (await openAccess(monitor.access));

const currentHandler = memoizeByConfig(monitor, ({ providers, publicUrl, alerts, page }) =>
  httpHandler({
    store,
    checker: null,
    declared: providers,
    monitor: { tickSeconds, shards: shardNames(shards), publicUrl, hasChannels: alerts.channels.length > 0, page },
    log,
    proofs,
    ...(access && { access }),
  }),
);

export const handler = handlerInForce(currentHandler, log);
