/** What changes something through the API, and manual checks: never open, and with the right to read the keys. */

import { HealthChecker } from '../lib/checker/checker.ts';
import { hasOperators } from '../lib/config/access.ts';
import { shardNames } from '../lib/health/shards.ts';
import { httpHandler } from './http.ts';
import { openAccess } from './shared/access.ts';
import { log } from './shared/log.ts';
import { openMonitor } from './shared/monitor.ts';

const { config, addressPolicy, proxies, store, tickSeconds, shards, access, proofs } = openMonitor(import.meta.url);
// The alerts function, on the table's stream, takes the notices.
const checker = new HealthChecker({
  config,
  addressPolicy,
  proxies,
  store,
  log,
  onNotices: async () => {},
  limitManualChecks: true,
});

export const handler = httpHandler({
  store,
  checker,
  declared: config.providers,
  monitor: { tickSeconds, shards: shardNames(shards), publicUrl: config.publicUrl, page: config.page },
  log,
  proofs,
  // Without operators at the door, API Gateway asks for IAM or a token.
  ...(access && hasOperators(access) && { access: await openAccess(access) }),
});
