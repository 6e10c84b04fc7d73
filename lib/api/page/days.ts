/** The last ninety days, a bar each. The browser's script reads a day's figures from the same element when the pointer is on it. */

import { html } from 'hono/html';
import { observedSeries } from '../../health/uptime/observed.ts';
import type { PastDays } from '../../health/uptime/past-days.ts';
import type { Uptime, UptimePart } from '../../health/uptime/uptime.ts';
import { dayText, percentText, plural } from '../../wording/figures.ts';
import type { Html } from './html.ts';

/** Below this, a day was a bad one and not one with a short failure. */
const BAD_DAY_PERCENTAGE = 98;

/** With fewer observed days there are no bars: one bar shows nothing. */
export const LEAST_DAYS = 2;

/** `n`: nothing observed. `k`: no failure. `o`: failures of ours alone. `w`: some outage. `b`: a lot of outage. */
export type DayLook = 'n' | 'k' | 'o' | 'w' | 'b';

/**
 * From the first observed day on.
 *
 * @param uptime Of 90 days; null when it cannot be read now.
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

/** `checks,uptime,usable,coverage`; the checks alone where all went well, nothing where nothing was observed. */
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
    ? `; the worst, ${dayText(worst.from)}, was up ${percentText(worst.uptimePercentage ?? 0)}`
    : '';
  return `Up ${percentText(uptimePercentage)} over ${plural(observed, 'observed day')} of 90. ${plural(outages.length, 'day')} with an outage${worstText}.`;
}
