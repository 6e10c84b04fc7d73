/** Incidents from the transitions on record. They are not stored: each reading makes them of transitions. */

import { DAY_MS } from '../base/time.ts';
import { type Incident, incidentsOf } from '../health/alerting/incident.ts';
import type { IncidentAddress } from '../health/alerting/incident-address.ts';
import type { Transition } from '../health/transition.ts';
import type { TransitionStore } from '../store/store.ts';
import { readNewest } from './newest.ts';

/** Some 5 MB of transitions: a month of a large fleet that is often down. */
const MOST_PAGES = 20;
/** How far after its beginning the end of one incident is looked for: most end within a day. */
const HORIZON_DAYS = [1, 30, 400] as const;

export interface IncidentRange {
  /** Null: of all providers. */
  provider: string | null;
  /** Incidents that began at this time or later, in milliseconds since 1970. */
  fromMs: number;
  /** As far as was known at this time. */
  toMs: number;
  /** Of transitions, 1000 each; with more than that, the incidents of the newest. Default 20. */
  mostPages?: number;
}

export interface RecordedIncidents {
  /** Newest first. */
  incidents: Incident[];
  /** Those that began then or later are whole, and counted right: `fromMs`, or later where there was too much to read. */
  exactFromMs: number;
}

/** @throws {StoreError} */
export async function readIncidents(store: TransitionStore, range: IncidentRange): Promise<RecordedIncidents> {
  const { transitions, exactFromMs } = await readTransitions(store, range);
  const from = new Date(range.fromMs).toISOString();
  return { incidents: incidentsOf(transitions).filter(({ openedAt }) => openedAt >= from), exactFromMs };
}

export interface IncidentStory {
  incident: Incident;
  /** From its beginning to its end, oldest first. */
  transitions: readonly Transition[];
}

/**
 * The incident of a provider that began at a time or lasted then; null when there was none.
 *
 * @throws {StoreError}
 */
export async function readIncident(
  store: TransitionStore,
  { provider, at }: IncidentAddress,
  now: Date,
): Promise<IncidentStory | null> {
  const fromMs = Date.parse(at);
  let story: IncidentStory | null = null;
  for (const days of HORIZON_DAYS) {
    const toMs = Math.min(now.getTime(), fromMs + days * DAY_MS);
    const { transitions } = await readTransitions(store, { provider, fromMs, toMs });
    const incident = incidentsOf(transitions).find(
      ({ openedAt, closedAt }) => openedAt <= at && (closedAt === null || closedAt > at),
    );
    if (!incident) return null;
    story = { incident, transitions: transitions.filter((one) => isWithin(incident, one)) };
    if (incident.closedAt !== null || toMs === now.getTime()) break;
  }
  return story;
}

/** From a day before the range on, so that an incident's ordinal counts the whole day before it. Oldest first. */
async function readTransitions(
  store: TransitionStore,
  { provider, fromMs, toMs, mostPages = MOST_PAGES }: IncidentRange,
): Promise<{ transitions: Transition[]; exactFromMs: number }> {
  const range = { from: new Date(fromMs - DAY_MS).toISOString(), to: new Date(toMs).toISOString() };
  const { items, isWhole } = await readNewest((page) => store.page(provider, { ...range, ...page }), {
    pages: mostPages,
  });
  const [oldest] = items;
  return { transitions: items, exactFromMs: isWhole || !oldest ? fromMs : Date.parse(oldest.at) + DAY_MS };
}

function isWithin({ openedAt, closedAt }: Incident, { at }: Transition): boolean {
  return at >= openedAt && (closedAt === null || at <= closedAt);
}
