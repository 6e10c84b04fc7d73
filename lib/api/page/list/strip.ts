/**
 * The past of one provider in a row of the overview: a bar for each day. All bars of a colour are one path, so that 90
 * days take some hundred bytes. A new provider shows its last checks instead, since one day would be a single bar.
 */

import { html } from 'hono/html';
import type { RecentChecks } from '../../../health/recent.ts';
import { observedSeries } from '../../../health/uptime/observed.ts';
import { DAYS_SHOWN, type PastDays } from '../../../health/uptime/past-days.ts';
import { dayLookOf, LEAST_DAYS } from '../days.ts';
import type { Html } from '../html.ts';

/** A bar is two units wide, with a gap of one unit: the style draws them as dashes. */
const STEP = 3;
const HEIGHT = 22;
/** The most last checks of a status. */
const CHECKS_SHOWN = 20;

/** Whether there are enough observed days for bars. If not, the last checks are shown. */
export function hasPast(past: PastDays | null): boolean {
  return past !== null && observedSeries(past).length >= LEAST_DAYS;
}

/**
 * Hidden from screen readers, since the figure beside it says the same.
 *
 * @param isShort Whether no row of the list has days: then all strips are only as wide as the last checks.
 */
export function strip(past: PastDays | null, { isHealthy }: RecentChecks, isShort: boolean): Html {
  if (past === null) return html`<span class="strip"></span>`;
  const isPast = hasPast(past);
  const looks = isPast ? observedSeries(past).map(dayLookOf) : isHealthy.map((good) => (good ? 'k' : 'b'));
  const start = DAYS_SHOWN - looks.length;
  const paths = new Map<string, string>();
  for (let from = 0; from < looks.length; ) {
    const look = looks[from] ?? 'n';
    let to = from;
    while (looks[to] === look) to += 1;
    paths.set(look, `${paths.get(look) ?? ''}M${(start + from) * STEP} 11h${(to - from) * STEP}`);
    from = to;
  }
  const drawn = [...paths].map(([look, path]) => html`<path class="${look}" d="${path}"/>`);
  const left = isShort ? (DAYS_SHOWN - CHECKS_SHOWN) * STEP : 0;
  const days = isPast ? html` data-days="${DAYS_SHOWN}"` : '';
  return html`<svg class="strip" viewBox="${left} 0 ${DAYS_SHOWN * STEP - left} ${HEIGHT}" aria-hidden="true"${days}>${drawn}</svg>`;
}
