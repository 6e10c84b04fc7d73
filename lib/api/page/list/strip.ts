/**
 * The past of one provider in a row: a bar for each day, drawn as one path for each colour, so that ninety days are some
 * hundred bytes. A new provider has its last checks instead, since one day would be one bar.
 */

import { html } from 'hono/html';
import type { RecentChecks } from '../../../health/recent.ts';
import { observedSeries } from '../../../health/uptime/observed.ts';
import { DAYS_SHOWN, type PastDays } from '../../../health/uptime/past-days.ts';
import { dayLookOf, LEAST_DAYS } from '../days.ts';
import type { Html } from '../html.ts';

/** Each bar is two units wide, and the next begins after one more: the dashes of the style. */
const STEP = 3;
const HEIGHT = 22;

/** Where there is none, the last checks are shown. */
export function hasPast(past: PastDays | null): boolean {
  return past !== null && observedSeries(past).length >= LEAST_DAYS;
}

/** It shows what the figure beside it says, so a screen reader skips it. */
export function strip(past: PastDays | null, { isHealthy }: RecentChecks): Html {
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
  const days = isPast ? html` data-days="${DAYS_SHOWN}"` : '';
  return html`<svg class="strip" viewBox="0 0 ${DAYS_SHOWN * STEP} ${HEIGHT}" aria-hidden="true"${days}>${drawn}</svg>`;
}
