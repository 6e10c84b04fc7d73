/** The page of the whole fleet. */

import { html } from 'hono/html';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { Incident } from '../../health/alerting/incident.ts';
import type { Uptime } from '../../health/uptime/uptime.ts';
import type { StatusList } from '../../store/store.ts';
import { type Filter, filterNav, matches } from './filter.ts';
import { headlineOf, type MonitorNews } from './headline.ts';
import type { Html } from './html.ts';
import { incidentList } from './incidents.ts';
import { providerRow, unreadableRow } from './row.ts';
import { mark, page } from './shell.ts';
import { ago } from './time.ts';

export interface Overview {
  /** Of every provider, those that the filter hides included. */
  statuses: readonly AgedStatus[];
  unreadable: StatusList['unreadable'];
  /** Of those that are shown; null where it cannot be read. */
  uptimes: ReadonlyMap<string, Uptime | null>;
  filter: Filter;
  /** Newest first; null where they cannot be read now. */
  incidents: readonly Incident[] | null;
  monitor: MonitorNews & { lastTick: string | null };
  now: Date;
  refreshSeconds: number;
}

export function overviewPage(overview: Overview): Html {
  const { statuses, unreadable, filter, monitor, now, refreshSeconds } = overview;
  const { look, text, details } = headlineOf(statuses, unreadable.length, monitor);
  const shown = statuses.filter((status) => matches(filter, status));
  const isFiltered = filter.states.length > 0 || filter.tag !== null;
  const broken = isFiltered ? [] : unreadable;
  return page({
    title: `${text} · Provider Health`,
    look,
    root: '',
    now,
    refreshSeconds,
    hasCharts: false,
    main: html`<section class="hero ${look}"><div role="status">${mark(look)}<h1>${text}</h1></div>
${details.length > 0 && html`<ul>${details.map((detail) => html`<li>${detail}</li>`)}</ul>`}
${monitor.lastTick && html`<p class="tick">Last tick ${ago(monitor.lastTick, now)}</p>`}
</section>
${statuses.length > 0 && filterNav(filter, statuses)}
${
  shown.length + broken.length > 0 &&
  html`<div class="fleet">
<div class="columns" aria-hidden="true"><span>Provider</span><span>Response time</span><span>90 days</span><span>Scores</span><span>Checked</span></div>
<ul>
${shown.map((status) => providerRow(status, overview.uptimes.get(status.provider) ?? null, now))}
${broken.map(unreadableRow)}
</ul></div>
${LEGEND}`
}
${shown.length === 0 && isFiltered && html`<p class="empty">No provider matches. <a href="./">Show all</a></p>`}
${statuses.length + unreadable.length === 0 && WELCOME}
${
  statuses.length > 0 &&
  html`<section><h2>Last incidents</h2>
${overview.incidents ? incidentList(overview.incidents, 'providers/', now) : html`<p class="empty">They cannot be read now.</p>`}
</section>`
}`,
  });
}

const LEGEND = html`<ul class="legend" aria-label="Colours of the days"><li><i class="k"></i>No failure</li><li><i class="w"></i>Some outage</li><li><i class="b"></i>More than 2% outage</li><li><i class="o"></i>Failures that need our fix</li><li><i class="n"></i>Not observed</li></ul>`;

const WELCOME = html`<p class="empty">Name providers in <code>providers.json</code>, or register one with <code>PUT /v1/providers/{id}</code>.</p>`;
