/** Reads incidents. They are not stored: each call makes them from the recorded transitions. */

import { DAY_MS } from '../base/time.ts';
import { type Incident, incidentsOf } from '../health/alerting/incident.ts';
import type { IncidentAddress } from '../health/alerting/incident-address.ts';
import type { Transition } from '../health/transition.ts';
import type { TransitionStore } from '../store/store.ts';
import { readNewest } from './newest.ts';

/** About 5 MB of transitions: enough for a month of a large fleet with many outages. */
const MOST_PAGES = 20;
/** The search for the end of an incident reads this many days at first, then more. Most incidents end within a day. */
const HORIZON_DAYS = [1, 30, 400] as const;
/** Transitions are kept this long. */
const LONGEST_DAYS = 400;

export interface IncidentRange {
  /** Null: of all providers. */
  provider: string | null;
  /** Incidents that began at this time or later, in milliseconds since 1970. */
  fromMs: number;
  /** Transitions after this time are ignored, in milliseconds since 1970. */
  toMs: number;
  /** The most pages to read, of 1000 transitions each. When there are more, the newest are read. Default 20. */
  mostPages?: number;
}

export interface RecordedIncidents {
  /** Newest first. */
  incidents: Incident[];
  /** Incidents that began at this time or later are complete, and their ordinals exact. Later than `fromMs` after `mostPages`. */
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
 * The incident of a provider that was open at a time; null when there was none.
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

/** An incident without an end, and the newest recorded transition of its provider. */
export interface LastingIncident {
  incident: Incident;
  last: Transition;
}

/**
 * The incidents that have no end, newest first.
 *
 * @throws {StoreError}
 */
export async function readLasting(store: TransitionStore, now: Date): Promise<LastingIncident[]> {
  const range = { provider: null, fromMs: now.getTime() - LONGEST_DAYS * DAY_MS, toMs: now.getTime() };
  const { transitions } = await readTransitions(store, range);
  const last = new Map(transitions.map((one) => [one.provider, one]));
  return incidentsOf(transitions).flatMap((incident) => {
    const newest = last.get(incident.provider);
    return incident.closedAt === null && newest ? [{ incident, last: newest }] : [];
  });
}

/** Reads transitions, oldest first. It begins a day before the range, because an ordinal counts the incidents of 24 hours. */
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
