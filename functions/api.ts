/** What is read from the API. Its role reaches no provider's key and writes nothing, so neither could a mistake in here. */

import { shardNames } from '../lib/health/shards.ts';
import { httpHandler } from './http.ts';
import { openAccess } from './shared/access.ts';
import { log } from './shared/log.ts';
import { openMonitor } from './shared/monitor.ts';

const { config, store, tickSeconds, shards, access, proofs } = openMonitor(import.meta.url);

export const handler = httpHandler({
  store,
  checker: null,
  declared: config.providers,
  monitor: { tickSeconds, shards: shardNames(shards), publicUrl: config.publicUrl, page: config.page },
  log,
  proofs,
  ...(access && { access: await openAccess(access) }),
});
