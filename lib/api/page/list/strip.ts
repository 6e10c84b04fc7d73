/**
 * The past of one provider in a row: a bar for each day, drawn as one path for each colour, so that ninety days are some
 * hundred bytes. A new provider has its last checks instead, since one day is no past.
 */

import { html } from 'hono/html';
import type { RecentChecks } from '../../../health/recent.ts';
import { observedSeries } from '../../../health/uptime/observed.ts';
import type { Uptime } from '../../../health/uptime/uptime.ts';
import { dayLookOf } from '../days.ts';
import type { Html } from '../html.ts';

/** Each bar is two units wide, and the next begins after one more: the dashes of the style. */
const STEP = 3;
const DAYS = 90;
const HEIGHT = 22;
/** Fewer days are no past to look at. */
const LEAST_DAYS = 2;

export function hasPast(uptime: Uptime | null): boolean {
  return uptime !== null && observedSeries(uptime).length >= LEAST_DAYS;
}

/** It shows what the figure beside it says, so a screen reader skips it. */
export function strip(uptime: Uptime | null, { isHealthy }: RecentChecks): Html {
  if (uptime === null) return html`<span class="strip"></span>`;
  const isPast = hasPast(uptime);
  const looks = isPast ? observedSeries(uptime).map(dayLookOf) : isHealthy.map((good) => (good ? 'k' : 'b'));
  const start = DAYS - looks.length;
  const paths = new Map<string, string>();
  for (let from = 0; from < looks.length; ) {
    const look = looks[from] ?? 'n';
    let to = from;
    while (looks[to] === look) to += 1;
    paths.set(look, `${paths.get(look) ?? ''}M${(start + from) * STEP} 11h${(to - from) * STEP}`);
    from = to;
  }
  const drawn = [...paths].map(([look, path]) => html`<path class="${look}" d="${path}"/>`);
  const days = isPast ? html` data-days="${DAYS}"` : '';
  return html`<svg class="strip" viewBox="0 0 ${DAYS * STEP} ${HEIGHT}" aria-hidden="true"${days}>${drawn}</svg>`;
}
