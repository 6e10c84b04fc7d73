/** What is read from the API. Its role reaches no provider's key and writes nothing, so neither could a mistake in here. */

import { shardNames } from '../lib/health/shards.ts';
import { openAccess } from './shared/access.ts';
import { handlerInForce, httpHandler } from './shared/http.ts';
import { log } from './shared/log.ts';
import { ofConfig, openMonitor } from './shared/monitor.ts';

const monitor = openMonitor(import.meta.url);
const { store, tickSeconds, shards, proofs } = monitor;
const access = monitor.access && (await openAccess(monitor.access));

const handlerOf = ofConfig(monitor, ({ providers, publicUrl, page }) =>
  httpHandler({
    store,
    checker: null,
    declared: providers,
    monitor: { tickSeconds, shards: shardNames(shards), publicUrl, page },
    log,
    proofs,
    ...(access && { access }),
  }),
);

export const handler = handlerInForce(handlerOf, log);
