/** The page of one provider: its status, its history and its last checks. */

import { html } from 'hono/html';
import { DAY_MS, HOUR_MS } from '../../base/time.ts';
import type { PageSettings } from '../../config/page.ts';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { Incident } from '../../health/alerting/incident.ts';
import type { HealthCheck } from '../../health/check.ts';
import { healthScore } from '../../health/score.ts';
import { observedSeries, observedSince, usefulWindows } from '../../health/uptime/observed.ts';
import { UPTIME_WINDOWS, type Uptime } from '../../health/uptime/uptime.ts';
import {
  clockText,
  dayMonthText,
  dayText,
  durationText,
  percentText,
  responseText,
  scoreText,
} from '../../wording/figures.ts';
import { healthScoreText, lookOf, wordOf } from '../../wording/status-words.ts';
import { checksTable } from './checks-table.ts';
import { checkButton, pauseControls } from './controls.ts';
import { dayBars, LEAST_DAYS } from './days.ts';
import type { Html } from './html.ts';
import { incidentList } from './incidents/list.ts';
import type { UptimeByWindow } from './past.ts';
import { CONTACT, mark, page } from './shell.ts';
import { sparkline } from './sparkline.ts';
import { noteLines, reasonLine, stateLine } from './state-line.ts';
import { ago } from './time.ts';
import { uptimeTable } from './uptime-table.ts';

export interface ProviderView {
  status: AgedStatus;
  /** Null when it cannot be read now. */
  windows: UptimeByWindow | null;
  /** Newest first; null when they cannot be read now. */
  incidents: readonly Incident[] | null;
  /** Newest first; null when they cannot be read now. */
  checks: readonly HealthCheck[] | null;
  /** Whether the page offers checks and pauses. */
  mayChange: boolean;
  site: PageSettings;
  now: Date;
  refreshSeconds: number;
}

const UNREADABLE = html`<p class="empty">It cannot be read now.</p>`;

export function providerPage(view: ProviderView): Html {
  const { status, windows, incidents, checks, mayChange, site, now, refreshSeconds } = view;
  const { provider } = status;
  const look = lookOf(status);
  const since = windows && observedSince(UPTIME_WINDOWS.toReversed().map((window) => windows[window]));
  // Null where history fills all of the 90 days: then the beginning of the monitoring is not known.
  const known = windows?.['90d'].series[0]?.checks === 0 ? since : null;
  const shown = windows ? usefulWindows(since, now) : UPTIME_WINDOWS;
  // The day is the most useful window, once there is more than an hour.
  const opened = shown.includes('24h') ? '24h' : '1h';
  return page({
    title: `${provider}: ${wordOf(status).toLowerCase()}`,
    site,
    look,
    root: '../',
    now,
    refreshSeconds,
    hasCharts: true,
    main: html`<nav class="back"><a href="../">All providers</a></nav>
<section class="hero one ${look}" data-provider="${provider}"><div role="status">${mark(look)}<h1>${provider}</h1>${mayChange && checkButton()}</div>
${stateLine(status, now)}${reasonLine(status, now)}${noteLines(status, now)}
${mayChange && pauseControls(status, now)}
${mayChange && html`<p class="small" id="checked" role="status" data-keep></p>`}
${CONTACT}
</section>
${factsOf(status, known, now)}
<section><h2>Uptime</h2>
${windows ? html`${daysOf(windows['90d'])}${uptimeTable(windows, shown)}` : UNREADABLE}
</section>
<section><h2>Response time</h2>
<div class="tabs scripted" role="group" aria-label="Window" data-keep${shown.length < 2 && ' hidden'}>${shown.map(
      (window) =>
        html`<button type="button" data-window="${window}" aria-pressed="${window === opened ? 'true' : 'false'}" disabled>${window}</button>`,
    )}</div>
<div class="chart" id="response-chart" data-keep><noscript><p class="empty">Charts are drawn by a script. The table above has the same figures.</p></noscript></div>
</section>
<section><h2>Where the time goes</h2>
<p class="small">The last checks by phase. Drag to zoom, double-click to see all again.</p>
<div class="chart" id="phase-chart" data-keep><noscript><p class="empty">Charts are drawn by a script. The table below has the same checks.</p></noscript></div>
</section>
<section><h2><a href="../incidents?provider=${provider}">Incidents</a></h2>
${incidents ? incidentList(incidents, { root: '../', namesProvider: false, now }) : UNREADABLE}
</section>
<section><h2>Last checks</h2>
${checks ? checksTable(checks) : UNREADABLE}
</section>`,
  });
}

/** Null while fewer than two days were observed. */
function daysOf(quarter: Uptime): Html | null {
  const days = observedSeries(quarter);
  const [first] = days;
  if (first === undefined || days.length < LEAST_DAYS) return null;
  const ago = days.length === quarter.series.length ? '90 days ago' : dayText(first.from);
  return html`<div class="past wide">${dayBars(quarter)}<p class="ends"><span>${ago}</span><span>today</span></p></div>`;
}

function factsOf(status: AgedStatus, since: string | null, now: Date): Html {
  const { lastCheck, medianResponseMs, recent } = status;
  const fact = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<dl class="facts">
${fact('Response time', html`${lastCheck?.isHealthy ? responseText(lastCheck.responseTimeMs) : '–'} ${sparkline(recent)}`)}
${fact('Median of the last 20', medianResponseMs === null ? '–' : responseText(medianResponseMs))}
${fact('Success rate, last 20', recent.isHealthy.length === 0 ? '–' : percentText(status.successRate * 100))}
${fact('Routing score', scoreText(status.routingScore))}
${fact('Health score', healthScoreText(status))}
${fact('Checked', lastCheck ? ago(lastCheck.timestamp, now) : 'never')}
</dl>
<dl class="about">
${fact('Model', status.model)}${fact('API', status.type)}${fact('Every', durationText(status.intervalSeconds * 1000))}${
  status.tags.length > 0 && fact('Tags', status.tags.join(', '))
}${since !== null && fact('Monitored since', sinceText(since, now))}
</dl>
${lastCheck && scoresText(status, lastCheck)}`;
}

/**
 * As exact as the history is: to the minute in the first hour, to the quarter of an hour on the first day, and later to
 * the day. So it is no `<time>`, whose tooltip would show seconds.
 */
function sinceText(since: string, now: Date): string {
  const ageMs = Math.max(0, now.getTime() - Date.parse(since));
  const about = ageMs < HOUR_MS ? '' : 'about ';
  const text = ageMs < DAY_MS ? `${about}${dayMonthText(since)}, ${clockText(since)} UTC` : dayText(since);
  return `${text} (${durationText(ageMs)})`;
}

/** Explains both scores, since the health score may look good while the provider does not work. */
function scoresText({ targetResponseMs, enabled, isHealthy, lastHealthyAt }: AgedStatus, lastCheck: HealthCheck): Html {
  const speed = `0.6 × max(0, 1 − ${responseText(lastCheck.responseTimeMs)} / 1 s)`;
  const usable = enabled && isHealthy ? '' : ' It is 0 now, since routers do not use the provider.';
  return html`<details class="small scores"><summary>What the scores mean</summary>
<p>Routing score: 0.6 for speed (the target of ${responseText(targetResponseMs)} against the usual response time) and 0.4 for the success rate of the last 20 checks. Routers use the highest first.${usable}</p>
<p>Health score: ${speed} + 0.4 × ${lastCheck.isHealthy ? 1 : 0} = ${scoreText(healthScore(lastCheck))}, of the last check alone. A failure that comes fast scores high, and every answer after more than 1 s scores 0.4, so no router should use it.${lastHealthyAt === null ? ' It is shown after the first good check.' : ''}</p>
</details>`;
}
