/** Warns about timeouts that do not fit into a tick. */

import type { Log } from '../../base/log.ts';
import { timeoutWithin } from '../../config/defaults.ts';
import type { ProviderConfig } from '../../health/provider.ts';

/** The most providers that the warning names. They show which kind of providers it is about. */
const MOST_NAMED = 10;

/**
 * Warns when a hanging provider would make ticks late: then all others are checked more rarely too, their statuses become
 * stale, and a stale provider counts as usable.
 */
export function warnOfLongTimeouts(providers: readonly ProviderConfig[], tickSeconds: number, log: Log): void {
  const long = providers.filter(({ enabled, timeoutSeconds }) => enabled && timeoutSeconds >= tickSeconds);
  if (long.length === 0) return;
  const longest = Math.max(...long.map(({ timeoutSeconds }) => timeoutSeconds));
  log.warn('when a provider hangs, all checks come late: its timeoutSeconds is not shorter than a tick', {
    providers: long.slice(0, MOST_NAMED).map(({ id }) => id),
    ...(long.length > MOST_NAMED && { andMore: long.length - MOST_NAMED }),
    timeoutSeconds: longest,
    tickSeconds,
    advice: `write "timeoutSeconds": ${timeoutWithin(tickSeconds)}, or make a tick longer than ${longest} s`,
  });
}
