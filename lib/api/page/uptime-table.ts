/** A provider's uptime by window, as a table. The charts show the same figures. */

import { html } from 'hono/html';
import type { Uptime, UptimeWindow } from '../../health/uptime/uptime.ts';
import { countText, percentText, responseText } from '../../wording/figures.ts';
import { failuresByCount } from '../../wording/status-words.ts';
import { CATEGORY_WORDS } from '../../wording/terms.ts';
import type { Html } from './html.ts';
import type { UptimeByWindow } from './past.ts';

const WINDOW_WORDS: Record<UptimeWindow, string> = {
  '1h': 'Last hour',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
};

/** The most kinds of failure in a cell. */
const NAMED = 3;

/** @param shown The windows to show: those that differ from a shorter one. */
export function uptimeTable(windows: UptimeByWindow, shown: readonly UptimeWindow[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Uptime by window"><table>
<thead><tr><th scope="col">Window</th><th scope="col" class="n">Uptime</th><th scope="col" class="n">Usable</th><th scope="col" class="n">Observed</th><th scope="col" class="n">Median</th><th scope="col" class="n">p95</th><th scope="col" class="n">p99</th><th scope="col" class="n">Checks</th><th scope="col">Failures</th></tr></thead>
<tbody>
${shown.map((window) => windowRow(WINDOW_WORDS[window], windows[window]))}
</tbody>
</table></div>
<p class="small">Uptime counts failures by the provider’s fault alone, usable counts all. Planned pauses and time that was not observed are in neither.</p>`;
}

function windowRow(name: string, uptime: Uptime): Html {
  const { uptimePercentage, usablePercentage, coveragePercentage, responseTime, checks, failures } = uptime;
  const share = (percentage: number | null) => (percentage === null ? '–' : percentText(percentage));
  const time = (ms: number | undefined) => (ms === undefined ? '–' : responseText(ms));
  return html`<tr><th scope="row">${name}</th><td class="n"><b>${share(uptimePercentage)}</b></td><td class="n">${share(usablePercentage)}</td><td class="n">${share(coveragePercentage)}</td><td class="n">${time(responseTime?.p50Ms)}</td><td class="n">${time(responseTime?.p95Ms)}</td><td class="n">${time(responseTime?.p99Ms)}</td><td class="n">${countText(checks)}</td><td>${failuresText(failures)}</td></tr>
`;
}

function failuresText(failures: Uptime['failures']): string {
  const counts = failuresByCount(failures);
  const named = counts
    .slice(0, NAMED)
    .map(([category, count]) => `${countText(count)} × ${CATEGORY_WORDS[category].toLowerCase()}`);
  const rest = counts.slice(NAMED).reduce((sum, [, count]) => sum + count, 0);
  return [...named, ...(rest > 0 ? [`${countText(rest)} others`] : [])].join(', ') || 'none';
}
