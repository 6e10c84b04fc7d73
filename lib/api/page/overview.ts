/** The page of the whole fleet. */

import { html } from 'hono/html';
import type { PageSettings } from '../../config/page.ts';
import type { AgedStatus } from '../../health/aged-status.ts';
import type { Incident } from '../../health/alerting/incident.ts';
import type { PastDays } from '../../health/uptime/past-days.ts';
import type { StatusList } from '../../store/store.ts';
import { countText } from '../../wording/figures.ts';
import { headlineOf, type MonitorNews } from './headline.ts';
import type { Html } from './html.ts';
import { incidentList } from './incidents/list.ts';
import { columns, filterNav } from './list/filter.ts';
import { providerRow, unreadableRow } from './list/row.ts';
import { hasPast } from './list/strip.ts';
import { hrefOf, isFiltered, type View } from './list/view.ts';
import { pagesNav } from './pages-nav.ts';
import { CONTACT, mark, page } from './shell.ts';
import { ago } from './time.ts';

/** Rows of one page. People do not read more, and the page stays below 100 KB. */
export const PAGE_ROWS = 50;

const INCIDENTS_SHOWN = 8;

export interface Overview {
  /** Statuses of all providers, also of those that the view hides. */
  statuses: readonly AgedStatus[];
  unreadable: StatusList['unreadable'];
  view: View;
  /** Statuses that match the view, in its order. */
  matching: readonly AgedStatus[];
  /** The rows of this page. */
  shown: readonly AgedStatus[];
  /** The past of the shown providers; null where it cannot be read. */
  past: ReadonlyMap<string, PastDays | null>;
  /** Incidents of the matching providers, newest first; null when they cannot be read now. */
  incidents: readonly Incident[] | null;
  monitor: MonitorNews & { lastTick: string | null };
  site: PageSettings;
  now: Date;
  refreshSeconds: number;
}

export function overviewPage(overview: Overview): Html {
  const { statuses, unreadable, monitor, site, now, refreshSeconds } = overview;
  const { look, text, details } = headlineOf(statuses, unreadable.length, monitor);
  return page({
    title: text,
    site,
    look,
    root: '',
    now,
    refreshSeconds,
    hasCharts: false,
    main: html`<section class="hero ${look}"><div role="status">${mark(look)}<h1>${text}</h1></div>
${details.length > 0 && html`<ul>${details.map((detail) => html`<li>${detail}</li>`)}</ul>`}
${monitor.lastTick && html`<p class="tick">Last tick ${ago(monitor.lastTick, now)}</p>`}
${CONTACT}
</section>
${
  statuses.length + unreadable.length === 0
    ? WELCOME
    : html`${fleet(overview)}
<section><h2><a href="incidents">Last incidents</a></h2>
${overview.incidents ? lastIncidents(overview.incidents, now) : html`<p class="empty">They cannot be read now.</p>`}
</section>`
}`,
  });
}

/** Ongoing incidents come first, however old they are: they matter more than newer ones that are over. */
function lastIncidents(incidents: readonly Incident[], now: Date): Html {
  const ongoing = incidents.filter(({ closedAt }) => closedAt === null);
  const over = incidents.filter(({ closedAt }) => closedAt !== null);
  const shown = [...ongoing, ...over].slice(0, INCIDENTS_SHOWN);
  const more = ongoing.length - INCIDENTS_SHOWN;
  return html`${incidentList(shown, { root: '', namesProvider: true, now })}${
    more > 0 && html`<p class="small"><a href="incidents?state=ongoing">${countText(more)} more ongoing</a></p>`
  }`;
}

function fleet({ statuses, unreadable, view, matching, shown, past, now }: Overview): Html {
  const broken = !isFiltered(view) && view.page === 1 ? unreadable : [];
  const first = (view.page - 1) * PAGE_ROWS;
  const pages = Math.ceil(matching.length / PAGE_ROWS);
  const isPast = shown.some(({ provider }) => hasPast(past.get(provider) ?? null));
  const isUnread = shown.some(({ provider }) => (past.get(provider) ?? null) === null);
  const rows = html`<div class="fleet${isPast ? '' : ' short'}">
${columns(view, isPast ? '90 days' : 'last checks')}
<ul>
${broken.map(unreadableRow)}${shown.map((status) => providerRow(status, past.get(status.provider) ?? null, !isPast, now))}
</ul></div>
${pagesNav({
  current: view.page,
  pages,
  hrefOf: (page) => hrefOf(view, { page }),
  words: ['Back', 'More'],
  text: `${countText(first + 1)}–${countText(first + shown.length)} of ${countText(matching.length)}`,
})}
${isPast && LEGEND}${isUnread && html`<p class="small">History cannot be read now.</p>`}`;
  return html`${filterNav(view, statuses)}
${shown.length + broken.length > 0 ? rows : html`<p class="empty">No provider matches. <a href="./">Show all</a></p>`}`;
}

const LEGEND = html`<ul class="legend" aria-label="Colours of the days"><li><i class="k"></i>No failure</li><li><i class="w"></i>Some outage</li><li><i class="b"></i>More than 2% outage</li><li><i class="o"></i>Failures that need our fix</li><li><i class="n"></i>Not observed</li></ul>`;

const WELCOME = html`<p class="empty">Name providers in <code>providers.json</code>, or register one with <code>PUT /v1/providers/{id}</code>.</p>`;
