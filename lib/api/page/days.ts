/**
 * The last 90 days, a bar for each. The browser's script reads the figures of a day from the same element, for the
 * tooltip.
 */

import { html } from 'hono/html';
import { observedSeries } from '../../health/uptime/observed.ts';
import type { PastDays } from '../../health/uptime/past-days.ts';
import type { Uptime, UptimePart } from '../../health/uptime/uptime.ts';
import { dayText, percentText, plural, shareText } from '../../wording/figures.ts';
import type { Html } from './html.ts';

/** Uptime below this makes a bad day; above it, the day only had a short failure. */
const BAD_DAY_PERCENTAGE = 98;

/** With fewer observed days there are no bars: a single bar would show nothing. */
export const LEAST_DAYS = 2;

/**
 * `n`: not observed. `k`: no failure. `o`: only failures that need our fix. `w`: some outage. `b`: more than 2% outage.
 */
export type DayLook = 'n' | 'k' | 'o' | 'w' | 'b';

/**
 * Bars from the first observed day on.
 *
 * @param uptime Uptime of 90 days; null when it cannot be read now.
 */
export function dayBars(uptime: Uptime | null): Html {
  if (uptime === null) return html`<p class="days gone">History cannot be read now.</p>`;
  const series = observedSeries(uptime);
  const figures = series.map(figuresOf).join(';');
  const bars = series.map((part) => html`<i class="${dayLookOf(part)}"></i>`);
  return html`<div class="days" role="img" aria-label="${summaryOf(uptime)}" data-from="${series[0]?.from}" data-days="${figures}">${bars}</div>`;
}

export function dayLookOf({ checks, uptimePercentage, usablePercentage }: PastDays['series'][number]): DayLook {
  if (checks === 0 || uptimePercentage === null) return 'n';
  if (uptimePercentage < BAD_DAY_PERCENTAGE) return 'b';
  if (uptimePercentage < 100) return 'w';
  return usablePercentage === 100 ? 'k' : 'o';
}

/** `checks,uptime,usable,coverage`; empty for a day that was not observed. */
function figuresOf({ checks, uptimePercentage, usablePercentage, coveragePercentage }: UptimePart): string {
  if (checks === 0) return '';
  return [checks, uptimePercentage, usablePercentage, coveragePercentage].join(',');
}

function summaryOf({ series, uptimePercentage }: Uptime): string {
  if (uptimePercentage === null) return 'Nothing was observed in the last 90 days.';
  const outages = series.filter((part) => part.uptimePercentage !== null && part.uptimePercentage < 100);
  const observed = series.filter(({ checks }) => checks > 0).length;
  const worst = outages.toSorted((a, b) => (a.uptimePercentage ?? 0) - (b.uptimePercentage ?? 0))[0];
  const worstText = worst
    ? `; the worst, ${dayText(worst.from)}, was up ${shareText(worst.uptimePercentage ?? 0, worst.checks)}`
    : '';
  return `Up ${percentText(uptimePercentage)} over ${plural(observed, 'observed day')} of 90. ${plural(outages.length, 'day')} with an outage${worstText}.`;
}
