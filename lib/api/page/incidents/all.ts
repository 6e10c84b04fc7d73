/** The page of all incidents of the last 30 days, filtered by the page's address. */

import { html } from 'hono/html';
import { capitalised } from '../../../base/sentence.ts';
import type { PageSettings } from '../../../config/page.ts';
import type { Incident } from '../../../health/alerting/incident.ts';
import type { Fault } from '../../../health/category.ts';
import { countText, plural } from '../../../wording/figures.ts';
import { FAULT_WORDS } from '../../../wording/terms.ts';
import type { Html } from '../html.ts';
import { pagesNav } from '../pages-nav.ts';
import { CONTACT, mark, page } from '../shell.ts';
import { incidentList } from './list.ts';

const PAGE_ITEMS = 50;

/** The filter's parameters in the address. */
export interface RawIncidentFilter {
  provider?: string | undefined;
  fault?: string | undefined;
  state?: string | undefined;
  page?: string | undefined;
}

interface Filter {
  provider: string | null;
  fault: Fault | null;
  isOngoing: boolean;
  page: number;
}

export interface IncidentsView {
  /** The incidents of 30 days, newest first. */
  incidents: readonly Incident[];
  filter: RawIncidentFilter;
  site: PageSettings;
  now: Date;
  refreshSeconds: number;
}

export function incidentsPage({ incidents, filter: raw, site, now, refreshSeconds }: IncidentsView): Html {
  const filter = filterOf(raw);
  const all = incidents;
  const found = all.filter((one) => matches(filter, one));
  const pages = Math.max(1, Math.ceil(found.length / PAGE_ITEMS));
  const current = Math.min(filter.page, pages);
  const shown = found.slice((current - 1) * PAGE_ITEMS, current * PAGE_ITEMS);
  const ongoing = found.filter(({ closedAt }) => closedAt === null).length;
  const look = ongoing > 0 ? 'bad' : 'ok';
  const what = filter.isOngoing
    ? plural(found.length, 'ongoing incident')
    : `${plural(found.length, 'incident')} in 30 days`;
  const title = `${what}${filter.provider === null ? '' : ` of ${filter.provider}`}`;
  const list = html`${filterNav(filter, all)}
${incidentList(shown, { root: '', namesProvider: filter.provider === null, now })}
${pagesNav({
  current,
  pages,
  hrefOf: (page) => hrefOf(filter, { page }),
  words: ['Newer', 'Older'],
  text: `Page ${current} of ${pages}`,
})}`;
  return page({
    title,
    site,
    look,
    root: '',
    now,
    refreshSeconds,
    hasCharts: false,
    main: html`<nav class="back"><a href="./">All providers</a></nav>
<section class="hero ${look}"><div role="status">${mark(look)}<h1>${title}</h1></div>
<p class="tick">${ongoing > 0 && !filter.isOngoing ? `${countText(ongoing)} ongoing. ` : ''}<a href="feed.atom">Feed</a> for a reader or a chat, <a href="v1/incidents">JSON</a> for a program</p>
${CONTACT}
</section>
${list}`,
  });
}

/** Ignores unknown values, so that an old link still shows the page. */
function filterOf({ provider, fault, state, page = '' }: RawIncidentFilter): Filter {
  return {
    provider: provider || null,
    fault: fault === 'provider' || fault === 'ours' ? fault : null,
    isOngoing: state === 'ongoing',
    page: /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1,
  };
}

function matches({ provider, fault, isOngoing }: Filter, incident: Incident): boolean {
  if (provider !== null && incident.provider !== provider) return false;
  return (fault === null || incident.fault === fault) && (!isOngoing || incident.closedAt === null);
}

function hrefOf(filter: Filter, change: Partial<Filter>): string {
  const { provider, fault, isOngoing, page } = { ...filter, page: 1, ...change };
  const query = new URLSearchParams();
  if (provider !== null) query.set('provider', provider);
  if (fault !== null) query.set('fault', fault);
  if (isOngoing) query.set('state', 'ongoing');
  if (page > 1) query.set('page', String(page));
  return query.size === 0 ? 'incidents' : `incidents?${query}`;
}

function filterNav(filter: Filter, all: readonly Incident[]): Html {
  const { provider, fault, isOngoing } = filter;
  /**
   * @param own What the tab selects, which its count counts.
   * @param off Where the selected tab leads.
   */
  const tab = (text: string, own: Partial<Filter>, off: Partial<Filter>, isCurrent: boolean) => {
    const count = all.filter((one) => matches({ ...filter, ...own }, one)).length;
    return html`<li><a href="${hrefOf(filter, isCurrent ? off : own)}" data-view${isCurrent && html` aria-current="true"`}>${text} <span>${countText(count)}</span></a></li>`;
  };
  const everything = { fault: null, isOngoing: false } as const;
  return html`<div class="filters"><nav aria-label="Filter"><ul>
${tab('All', everything, everything, fault === null && !isOngoing)}
${tab('Ongoing', { isOngoing: true }, { isOngoing: false }, isOngoing)}
${(['provider', 'ours'] as const).map((one) => tab(capitalised(FAULT_WORDS[one]), { fault: one }, { fault: null }, fault === one))}
${provider !== null && html`<li><a href="${hrefOf(filter, { provider: null })}" data-view aria-current="true">${provider} ×</a></li>`}
</ul></nav></div>`;
}
