/** Incidents as a list: which provider went down when, why, and for how long. The rule is in lib/health/alerting/incident.ts. */

import { html } from 'hono/html';
import type { Incident } from '../../../health/alerting/incident.ts';
import { durationText, ordinalText } from '../../../wording/figures.ts';
import { CATEGORY_WORDS, FAULT_WORDS } from '../../../wording/terms.ts';
import type { Html } from '../html.ts';
import { mark } from '../shell.ts';
import { lasting, moment } from '../time.ts';

/** @param linksTo Where the providers' pages are, from this page; null: the list is on the provider's own. */
export function incidentList(incidents: readonly Incident[], linksTo: string | null, now: Date): Html {
  if (incidents.length === 0) return html`<p class="empty">No incident is recorded.</p>`;
  return html`<ul class="incidents">
${incidents.map((incident) => incidentItem(incident, linksTo, now))}
</ul>`;
}

function incidentItem(incident: Incident, linksTo: string | null, now: Date): Html {
  const { id, provider, openedAt, closedAt, fault, errorMessage, ordinal } = incident;
  const look = closedAt !== null ? 'off' : fault === 'ours' ? 'ours' : 'bad';
  const name = linksTo === null ? null : html`<b><a href="${linksTo}${provider}">${provider}</a></b> `;
  const length =
    closedAt === null
      ? html`for ${lasting(openedAt, now)}, ongoing`
      : html`for ${durationText(Date.parse(closedAt) - Date.parse(openedAt))}`;
  return html`<li class="${look}" data-key="${id}">${mark(look)}<div><p>${name}<span class="title">${titleOf(incident)}</span> <span class="muted">${length}</span>${
    fault && html` <span class="fault ${fault}">${FAULT_WORDS[fault]}</span>`
  }${ordinal > 1 && html` <span class="note">${ordinalText(ordinal)} in 24 h</span>`}</p>${
    errorMessage && html`<p class="why">${errorMessage}</p>`
  }</div><p class="when">${moment(openedAt)}</p></li>`;
}

/** `Overloaded, then no answer in time`. */
export function titleOf({ categories }: Incident): string {
  const [first, ...rest] = categories.map((category) => CATEGORY_WORDS[category]);
  return [first ?? 'Not working', ...rest.map((word) => word.toLowerCase())].join(', then ');
}
