/** What is read from the API. Its role reaches no provider's key and writes nothing, so neither could a mistake in here. */

import { SHARDS } from '../lib/checker/tick/shards.ts';
import { httpHandler } from './http.ts';
import { openAccess } from './shared/access.ts';
import { log } from './shared/log.ts';
import { openMonitor } from './shared/monitor.ts';

const { config, store, tickSeconds, access, proofs } = openMonitor(import.meta.url);

export const handler = httpHandler({
  store,
  checker: null,
  declared: config.providers,
  monitor: { tickSeconds, shards: SHARDS, publicUrl: config.publicUrl },
  log,
  proofs,
  ...(access && { access: await openAccess(access) }),
});
