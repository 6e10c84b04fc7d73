/** Finds which incident in 24 hours an alert is about: "4th in 24 h" shows a bad day, not a bad minute. */

import { messageOf } from '../../base/error-text.ts';
import type { Alert } from '../../health/alerting/alert.ts';
import { readIncidents } from '../../history/incidents.ts';
import type { Store } from '../../store/store.ts';
import type { ChannelLog } from './dispatch.ts';

/** Some thousand transitions in a day are enough to know that it is a bad one. */
const MOST_PAGES = 5;

/**
 * Adds ordinals to the alerts that open a problem. When the transitions cannot be read, all alerts stay as they are.
 */
export async function withOrdinals(
  store: Pick<Store, 'transitions'>,
  alerts: readonly Alert[],
  log: Pick<ChannelLog, 'warn'>,
): Promise<Alert[]> {
  const opening = alerts.filter(({ phase, provider }) => phase === 'opened' && provider !== null);
  if (opening.length === 0) return [...alerts];
  const fromMs = Math.min(...opening.map(({ since }) => Date.parse(since)));
  const toMs = Math.max(...opening.map(({ at }) => Date.parse(at)));
  try {
    const range = { provider: null, fromMs, toMs, mostPages: MOST_PAGES };
    const { incidents } = await readIncidents(store.transitions, range);
    return alerts.map((alert) => {
      if (!opening.includes(alert)) return alert;
      const latest = incidents.find(({ provider, openedAt }) => provider === alert.provider && openedAt <= alert.at);
      return { ...alert, ordinal: latest?.ordinal ?? null };
    });
  } catch (cause) {
    // Better an alert without its ordinal than none.
    log.warn('incidents not counted', { error: messageOf(cause) });
    return [...alerts];
  }
}
