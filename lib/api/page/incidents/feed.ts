/**
 * Incidents as an Atom feed (RFC 4287). Each incident is an entry, which is updated when the incident is over. Ids are
 * addresses, so that the feeds and entries of two monitors cannot be confused.
 */

import { html } from 'hono/html';
import type { PageSettings } from '../../../config/page.ts';
import type { Incident } from '../../../health/alerting/incident.ts';
import { incidentPath } from '../../../health/alerting/incident-address.ts';
import { durationText } from '../../../wording/figures.ts';
import { FAULT_WORDS } from '../../../wording/terms.ts';
import type { Html } from '../html.ts';
import { titleOf } from './list.ts';

/**
 * @param incidents Newest first.
 * @param since Time of the last update of a feed without incidents.
 * @param root Address of the monitor, without a trailing slash.
 */
export function atomFeed(incidents: readonly Incident[], since: Date, root: string, { title }: PageSettings): Html {
  const updated = incidents.map(updatedAt).sort().at(-1) ?? since.toISOString();
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${root}/feed.atom</id>
<title>${title}: incidents</title>
<updated>${updated}</updated>
<author><name>${title}</name></author>
<link rel="self" type="application/atom+xml" href="${root}/feed.atom"/>
<link rel="alternate" type="text/html" href="${root}/incidents"/>
${incidents.map((incident) => entryOf(incident, root))}
</feed>
`;
}

function entryOf(incident: Incident, root: string): Html {
  const { provider, openedAt, fault, errorMessage } = incident;
  const address = `${root}/${incidentPath({ provider, at: openedAt })}`;
  return html`<entry>
<id>${address}</id>
<title>${provider}: ${titleOf(incident).toLowerCase()}</title>
<published>${openedAt}</published>
<updated>${updatedAt(incident)}</updated>
<link rel="alternate" type="text/html" href="${address}"/>
${fault && html`<category term="${fault}" label="${FAULT_WORDS[fault]}"/>`}
<summary type="text">${lengthOf(incident)}${errorMessage && ` ${errorMessage}`}</summary>
</entry>
`;
}

function lengthOf({ openedAt, closedAt, ending }: Incident): string {
  if (closedAt === null) return 'Not over.';
  const duration = durationText(Date.parse(closedAt) - Date.parse(openedAt));
  return ending === 'not_checked' ? `No longer checked after ${duration}.` : `Over after ${duration}.`;
}

function updatedAt({ openedAt, closedAt }: Incident): string {
  return closedAt ?? openedAt;
}
