/**
 * Serves the read routes of the API. The function may neither read the keys of providers nor write, so no mistake here
 * can do either.
 */

import { openAccess } from './shared/access.ts';
import { handlerInForce, httpHandler } from './shared/http.ts';
import { log } from './shared/log.ts';
import { memoizeByConfig, openMonitor } from './shared/monitor.ts';

const monitor = openMonitor(import.meta.url);
const access = monitor.access && (await openAccess(monitor.access));
const current = memoizeByConfig(monitor, (config) => httpHandler(monitor, config, { checker: null, access }));

export const handler = handlerInForce(current, log);
