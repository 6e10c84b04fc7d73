/** The page of one incident: what failed, from when to when, the checks that show it, and the alerts that were sent. */

import { html } from 'hono/html';
import type { PageSettings } from '../../../config/page.ts';
import type { HealthCheck } from '../../../health/check.ts';
import type { Transition } from '../../../health/transition.ts';
import type { IncidentStory } from '../../../history/incidents.ts';
import { ordinalText } from '../../../wording/figures.ts';
import { CATEGORY_WORDS, FAULT_WORDS, STATE_WORDS } from '../../../wording/terms.ts';
import { checksTable } from '../checks-table.ts';
import type { Html } from '../html.ts';
import { CONTACT, mark, page } from '../shell.ts';
import { lasting, moment } from '../time.ts';
import { alertsSection, type IncidentAlerts } from './alerts.ts';
import { incidentLook, lengthOf, spanOf, titleOf } from './list.ts';

export interface IncidentView {
  story: IncidentStory;
  /** Checks around the incident's beginning and end, newest first; null when they cannot be read now. */
  checks: readonly HealthCheck[] | null;
  alerts: IncidentAlerts;
  site: PageSettings;
  now: Date;
  refreshSeconds: number;
}

export function incidentPage({ story, checks, alerts, site, now, refreshSeconds }: IncidentView): Html {
  const { incident, transitions } = story;
  const { provider, fault, errorMessage, ordinal, openedAt, closedAt } = incident;
  const look = incidentLook(incident);
  const title = `${provider}: ${titleOf(incident).toLowerCase()}`;
  return page({
    title,
    site,
    look,
    root: '../',
    now,
    refreshSeconds: closedAt === null ? refreshSeconds : null,
    hasCharts: false,
    main: html`<nav class="back"><a href="../incidents">All incidents</a></nav>
<section class="hero one ${look}"><div role="status">${mark(look)}<h1>${title}</h1></div>
<p class="state">${closedAt === null ? html`<b>Ongoing</b> for ${lasting(openedAt, now)}` : html`<b>Over</b>, ${lengthOf(incident, now)}`}: ${spanOf(incident)}${
      fault && html` <span class="fault ${fault}">${FAULT_WORDS[fault]}</span>`
    }${ordinal > 1 && html` <span class="note">${ordinalText(ordinal)} in 24 h</span>`}</p>
${errorMessage && html`<p class="why">${errorMessage}</p>`}
<p class="tick"><a href="../providers/${provider}">How ${provider} is now</a></p>
${CONTACT}
</section>
<section><h2>What changed</h2>
<ol class="story">${transitions.map(changeLine)}</ol>
</section>
${alertsSection(incident, alerts)}
<section><h2>Checks</h2>
${checks === null ? html`<p class="empty">They cannot be read now.</p>` : checks.length === 0 ? html`<p class="empty">No check of that time is kept.</p>` : checksTable(checks)}
</section>`,
  });
}

function changeLine({ at, from, to, category, errorMessage }: Transition): Html {
  const why = category === null ? '' : `: ${CATEGORY_WORDS[category].toLowerCase()}${errorMessage ? ':' : ''}`;
  return html`<li>${moment(at)} <b>${STATE_WORDS[from]} → ${STATE_WORDS[to].toLowerCase()}</b>${why}${errorMessage && html` <span class="muted">${errorMessage}</span>`}</li>`;
}
