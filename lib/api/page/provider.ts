/** The page of one provider: how it is, how it was, and what its checks said. */

import { html } from 'hono/html';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { Incident } from '../../health/alerting/incident.ts';
import type { HealthCheck } from '../../health/check.ts';
import { durationText, percentText, responseText, scoreText } from '../../wording/figures.ts';
import { lookOf, wordOf } from '../../wording/status-words.ts';
import { checksTable } from './checks-table.ts';
import { dayBars } from './days.ts';
import type { Html } from './html.ts';
import { incidentList } from './incidents/list.ts';
import type { UptimeByWindow } from './past.ts';
import { CONTACT, mark, page } from './shell.ts';
import { sparkline } from './sparkline.ts';
import { reasonLine, stateLine } from './state-line.ts';
import { ago } from './time.ts';
import { uptimeTable } from './uptime-table.ts';

export interface ProviderView {
  status: AgedStatus;
  /** Null where it cannot be read now. */
  windows: UptimeByWindow | null;
  /** Newest first; null where they cannot be read now. */
  incidents: readonly Incident[] | null;
  /** Newest first; null likewise. */
  checks: readonly HealthCheck[] | null;
  /** Whether the reader of the page may start a manual check. */
  canCheck: boolean;
  now: Date;
  refreshSeconds: number;
}

const UNREADABLE = html`<p class="empty">It cannot be read now.</p>`;

export function providerPage(view: ProviderView): Html {
  const { status, windows, incidents, checks, canCheck, now, refreshSeconds } = view;
  const { provider } = status;
  const look = lookOf(status);
  return page({
    title: `${provider}: ${wordOf(status).toLowerCase()} · Provider Health`,
    look,
    root: '../',
    now,
    refreshSeconds,
    hasCharts: true,
    main: html`<nav class="back"><a href="../">All providers</a></nav>
<section class="hero one ${look}" data-provider="${provider}"><div role="status">${mark(look)}<h1>${provider}</h1>${canCheck && CHECK_BUTTON}</div>
${stateLine(status, now)}${reasonLine(status, now)}
${canCheck && html`<p class="small" id="checked" role="status" data-keep></p>`}
${CONTACT}
</section>
${factsOf(status, now)}
<section><h2>Uptime</h2>
${windows ? html`<div class="past wide">${dayBars(windows['90d'])}<p class="ends"><span>90 days ago</span><span>today</span></p></div>${uptimeTable(windows)}` : UNREADABLE}
</section>
<section><h2>Response time</h2>
<div class="tabs" role="group" aria-label="Window" data-keep hidden>${['1h', '24h', '7d', '30d', '90d'].map(
      (window) =>
        html`<button type="button" data-window="${window}" aria-pressed="${window === '24h' ? 'true' : 'false'}">${window}</button>`,
    )}</div>
<div class="chart" id="response-chart" data-keep><noscript><p class="empty">Charts are drawn by a script. The table above has the same figures.</p></noscript></div>
</section>
<section><h2>Where the time goes</h2>
<p class="small">The last checks by phase. Drag to zoom, double-click to see all again.</p>
<div class="chart" id="phase-chart" data-keep><noscript><p class="empty">Charts are drawn by a script. The table below has the same checks.</p></noscript></div>
</section>
<section><h2><a href="../incidents?provider=${provider}">Incidents</a></h2>
${incidents ? incidentList(incidents, '../', false, now) : UNREADABLE}
</section>
<section><h2>Last checks</h2>
${checks ? checksTable(checks) : UNREADABLE}
</section>`,
  });
}

const CHECK_BUTTON = html`<button type="button" class="check" id="check" data-keep hidden>Check now</button>`;

function factsOf(status: AgedStatus, now: Date): Html {
  const { lastCheck, medianResponseMs, recent } = status;
  const fact = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<dl class="facts">
${fact('Response time', html`${lastCheck?.isHealthy ? responseText(lastCheck.responseTimeMs) : '–'} ${sparkline(recent)}`)}
${fact('Median of the last 20', medianResponseMs === null ? '–' : responseText(medianResponseMs))}
${fact('Success rate, last 20', recent.isHealthy.length === 0 ? '–' : percentText(status.successRate * 100))}
${fact('Routing score', scoreText(status.routingScore))}
${fact('Health score', scoreText(status.healthScore))}
${fact('Checked', lastCheck ? ago(lastCheck.timestamp, now) : 'never')}
</dl>
<dl class="about">
${fact('Model', status.model)}${fact('API', status.type)}${fact('Every', durationText(status.intervalSeconds * 1000))}${
  status.tags.length > 0 && fact('Tags', status.tags.join(', '))
}
</dl>`;
}
