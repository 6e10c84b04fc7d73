/** Which incident in 24 hours an alert is about: "4th in 24 h" shows a bad day, not a bad minute. */

import { DAY_MS } from '../../base/time.ts';
import type { Alert } from '../../health/alerting/alert.ts';
import { incidentsOf } from '../../health/alerting/incident.ts';
import type { Transition } from '../../health/transition.ts';
import type { Store } from '../../store/store.ts';
import type { ChannelLog } from './dispatch.ts';

const PAGE_LIMIT = 1000;
/** Some thousand changes of state in a day are enough to know that it is a bad one. */
const MOST_PAGES = 5;

/** The alerts that open something, with their ordinals, as far as these can be found out. */
export async function withOrdinals(
  store: Pick<Store, 'transitions'>,
  alerts: readonly Alert[],
  log: ChannelLog,
): Promise<Alert[]> {
  const opening = alerts.filter(({ phase, provider }) => phase === 'opened' && provider !== null);
  const newest = opening
    .map(({ at }) => at)
    .sort()
    .at(-1);
  if (newest === undefined) return [...alerts];
  try {
    const from = new Date(Date.parse(newest) - DAY_MS).toISOString();
    const incidents = incidentsOf(await transitionsBetween(store, from, newest));
    return alerts.map((alert) => {
      if (!opening.includes(alert)) return alert;
      const latest = incidents.find(({ provider, openedAt }) => provider === alert.provider && openedAt <= alert.at);
      return { ...alert, ordinal: latest?.ordinal ?? null };
    });
  } catch (cause) {
    // Better an alert without its number than none.
    log.warn('incidents not counted', { error: String(cause) });
    return [...alerts];
  }
}

/** Oldest first. */
async function transitionsBetween(
  { transitions }: Pick<Store, 'transitions'>,
  from: string,
  to: string,
): Promise<Transition[]> {
  const found: Transition[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await transitions.page(null, { from, to, limit: PAGE_LIMIT, ...(cursor !== null && { cursor }) });
    found.push(...page.items);
    cursor = page.next;
    if (cursor === null) break;
  }
  return found.reverse();
}
