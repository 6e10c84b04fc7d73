/** The alerts of an incident: when they were sent, to which channels, and which are still waiting. */

import { html } from 'hono/html';
import type { AlertPhase, AlertRecord } from '../../../health/alerting/alert.ts';
import type { Announcement } from '../../../health/alerting/announcement.ts';
import type { Incident } from '../../../health/alerting/incident.ts';
import type { Html } from '../html.ts';
import { moment } from '../time.ts';

const PHASE_WORDS: Record<AlertPhase, string> = {
  opened: 'Announced',
  reminder: 'Reminder',
  recovered: 'Recovery announced',
};

export interface IncidentAlerts {
  /** The sent alerts, oldest first; null when they cannot be read now. */
  announced: readonly Announcement[] | null;
  /** The alert record of the provider's open problem; null where there is none. */
  record: AlertRecord | null;
  /** False where alerts have no channel to go to. */
  hasChannels: boolean;
}

export function alertsSection(incident: Incident, alerts: IncidentAlerts): Html {
  const { announced, record } = alerts;
  const waiting = incident.closedAt === null ? waitingText(record) : null;
  return html`<section><h2>Alerts</h2>
${
  announced === null
    ? html`<p class="empty">They cannot be read now.</p>`
    : announced.length > 0
      ? html`<ol class="story">${groupsOf(announced).map((group) => line(group, incident))}</ol>`
      : html`<p class="empty">${noneText(incident, alerts)}</p>`
}${waiting && html`<p class="small">${waiting}</p>`}
</section>`;
}

type Group = [Announcement, ...Announcement[]];

/** One alert can go to several channels: one group for each alert. */
function groupsOf(announced: readonly Announcement[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of announced) {
    const key = `${one.alertAt}#${one.phase}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

function line(group: Group, { ending }: Incident): Html {
  const [{ at, phase, problem }] = group;
  const channels = (outcome: Announcement['outcome']) =>
    group.filter((one) => one.outcome === outcome).map(({ channel }) => channel);
  const [took, refused] = [channels('delivered'), channels('refused')];
  return html`<li>${moment(at)} <b>${phase === 'recovered' && ending === 'not_checked' ? 'End announced' : PHASE_WORDS[phase]}</b>${problem === 'flapping' && ' as flapping'}${
    took.length > 0 && ` to ${took.join(', ')}`
  }${refused.length > 0 && html` <span class="note">Not taken by ${refused.join(', ')}</span>`}</li>`;
}

function noneText({ openedAt, closedAt }: Incident, { record, hasChannels }: IncidentAlerts): Html | string {
  if (!hasChannels) return 'No channel is configured, so no alert is sent.';
  if (closedAt !== null) return 'No alert about it was sent.';
  // An alert of an older version, which did not record the channels.
  if (record?.open && record.open.since <= openedAt) return html`Last announced ${moment(record.open.announcedAt)}.`;
  return record?.quiet ? 'None: the provider is flapping, which an earlier alert announced.' : 'None was sent yet.';
}

function waitingText(record: AlertRecord | null): string | null {
  const waiting = record?.unsent.length ?? 0;
  return waiting > 0 ? `${waiting} not delivered to every channel yet.` : null;
}
