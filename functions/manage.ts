/**
 * Serves the write routes and the manual checks of the API. They are never open to everybody. This function may read
 * the keys.
 */

import { hasOperators } from '../lib/config/access.ts';
import { openAccess } from './shared/access.ts';
import { deployedChecker } from './shared/checker.ts';
import { handlerInForce, httpHandler } from './shared/http.ts';
import { log } from './shared/log.ts';
import { memoizeByConfig, openMonitor } from './shared/monitor.ts';

const monitor = openMonitor(import.meta.url);
// Where no operators are configured, API Gateway asks for IAM or a token.
const access = monitor.access && hasOperators(monitor.access) ? await openAccess(monitor.access) : null;
const current = memoizeByConfig(
  monitor,
  (config) => {
    const checker = deployedChecker(monitor, config);
    return { checker, handle: httpHandler(monitor, config, { checker, access }) };
  },
  ({ checker }) => void checker.stopHealthChecks(),
);

export const handler = handlerInForce(async () => (await current()).handle, log);
