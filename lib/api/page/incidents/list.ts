/**
 * Incidents as a list: which provider did not work, why, and from when to when. Not here: the rules
 * (lib/health/alerting).
 */

import { html } from 'hono/html';
import type { Incident } from '../../../health/alerting/incident.ts';
import { incidentPath } from '../../../health/alerting/incident-address.ts';
import { groupsOf, type IncidentGroup } from '../../../health/alerting/incident-groups.ts';
import { countText, dayMonthText, durationText, ordinalText } from '../../../wording/figures.ts';
import type { Look } from '../../../wording/status-words.ts';
import { CATEGORY_WORDS, FAULT_WORDS } from '../../../wording/terms.ts';
import type { Html } from '../html.ts';
import { mark } from '../shell.ts';
import { clock, lasting } from '../time.ts';

export interface ListOptions {
  /** Relative path from the page to the root of the API: empty or `../`. */
  root: string;
  /** Whether each incident names its provider; false on the provider's own page. */
  namesProvider: boolean;
  now: Date;
}

export function incidentList(incidents: readonly Incident[], options: ListOptions): Html {
  if (incidents.length === 0) return html`<p class="empty">No incident is recorded.</p>`;
  return html`<ul class="incidents">
${groupsOf(incidents).map((group) => (group.length === 1 ? item(group[0], options) : several(group, options)))}
</ul>`;
}

function item(incident: Incident, { root, namesProvider, now }: ListOptions): Html {
  const { id, provider, openedAt, fault, errorMessage, ordinal } = incident;
  const title = namesProvider ? `${provider}: ${titleOf(incident).toLowerCase()}` : titleOf(incident);
  return html`<li class="${incidentLook(incident)}" data-key="${id}">${mark(incidentLook(incident))}<div><p><a href="${root}${incidentPath({ provider, at: openedAt })}">${title}</a> <span class="muted">${lengthOf(incident, now)}</span>${
    fault && html` <span class="fault ${fault}">${FAULT_WORDS[fault]}</span>`
  }${ordinal > 1 && html` <span class="note">${ordinalText(ordinal)} in 24 h</span>`}</p>${
    errorMessage && html`<p class="why">${errorMessage}</p>`
  }</div><p class="when">${spanOf(incident)}</p></li>
`;
}

/** Several incidents of a flapping provider, in one line that can be opened. */
function several(group: IncidentGroup, options: ListOptions): Html {
  const { namesProvider, now } = options;
  const [newest] = group;
  const oldest = group.at(-1) ?? newest;
  const endMs = newest.closedAt === null ? now.getTime() : Date.parse(newest.closedAt);
  const count = `${countText(group.length)} incidents in ${durationText(endMs - Date.parse(oldest.openedAt))}`;
  const kinds = [...new Set(group.flatMap(({ categories }) => categories))].map((one) =>
    CATEGORY_WORDS[one].toLowerCase(),
  );
  return html`<li class="${incidentLook(newest)}" data-key="${oldest.id}-group">${mark(incidentLook(newest))}<details><summary>${namesProvider && `${newest.provider}: `}${count} <span class="muted">${kinds.join(', ')}${newest.closedAt === null && ', ongoing'}</span></summary>
<ul>
${group.map((one) => item(one, { ...options, namesProvider: false }))}
</ul></details><p class="when">${spanOf({ ...newest, openedAt: oldest.openedAt })}</p></li>
`;
}

export function incidentLook({ closedAt, fault }: Incident): Look {
  if (closedAt !== null) return 'off';
  return fault === 'ours' ? 'ours' : 'bad';
}

/** `lasted 5 min`, `ongoing for 5 min`, or `lasted 5 min, then no longer checked`. */
export function lengthOf({ openedAt, closedAt, ending }: Incident, now: Date): Html {
  if (closedAt === null) return html`ongoing for ${lasting(openedAt, now)}`;
  const unchecked = ending === 'not_checked' && ', then no longer checked';
  return html`lasted ${durationText(Date.parse(closedAt) - Date.parse(openedAt))}${unchecked}`;
}

/** `28 Nov, 08:27 – 09:23 UTC`. */
export function spanOf({ openedAt, closedAt }: Pick<Incident, 'openedAt' | 'closedAt'>): Html {
  if (closedAt === null) return html`since ${dayMonthText(openedAt)}, ${clock(openedAt)} UTC`;
  const day = closedAt.slice(0, 10) === openedAt.slice(0, 10) ? '' : `${dayMonthText(closedAt)}, `;
  return html`${dayMonthText(openedAt)}, ${clock(openedAt)} – ${day}${clock(closedAt)} UTC`;
}

/** `Overloaded, then no answer in time`. */
export function titleOf({ categories }: Incident): string {
  const [first, ...rest] = categories.map((category) => CATEGORY_WORDS[category]);
  return [first ?? 'Not working', ...rest.map((word) => word.toLowerCase())].join(', then ');
}
