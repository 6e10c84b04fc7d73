/** Makes incidents from transitions: when a provider stopped working, why, and when it worked again or was no longer checked. */

import { DAY_MS } from '../../base/time.ts';
import type { Category, Fault } from '../category.ts';
import { isDown } from '../state.ts';
import type { Transition } from '../transition.ts';

/** `recovered`: the provider worked again. `not_checked`: it was removed or disabled while it was down. */
export const INCIDENT_ENDINGS = ['recovered', 'not_checked'] as const;

export type IncidentEnding = (typeof INCIDENT_ENDINGS)[number];

export interface Incident {
  /** Id of the transition that opened it. */
  id: string;
  provider: string;
  /** ISO 8601 UTC. */
  openedAt: string;
  /** ISO 8601 UTC; null while it lasts. */
  closedAt: string | null;
  /** How it ended; null while it lasts. */
  ending: IncidentEnding | null;
  /** Fault of the failure that opened it. */
  fault: Fault | null;
  /** Categories of its failures, without repetition. The first one opened it. */
  categories: readonly Category[];
  /** Error of the failure that opened it; at most 300 characters, without secrets. */
  errorMessage: string | null;
  /** Which incident of the provider this is within 24 hours, from 1. */
  ordinal: number;
}

/**
 * The incidents that begin within these transitions, newest first. An incident that began earlier is left out.
 *
 * @param transitions Transitions of any number of providers, oldest first. They must begin 24 hours before the first incident
 *   that the caller needs, so that its ordinal is exact.
 */
export function incidentsOf(transitions: readonly Transition[]): Incident[] {
  const incidents: Incident[] = [];
  const open = new Map<string, number>();
  const begun = new Map<string, string[]>();
  for (const transition of transitions) {
    const { provider, at } = transition;
    const index = open.get(provider);
    let current = index === undefined ? undefined : incidents[index];
    // The provider was removed while it was down, and is checked again. The transition that ended the incident is missing.
    if (current && index !== undefined && transition.from === 'unknown') {
      incidents[index] = closed(current, sinceOf(transition), 'not_checked');
      open.delete(provider);
      current = undefined;
    }
    if (isDown(transition.to)) {
      if (current && index !== undefined) incidents[index] = worsened(current, transition);
      else if (!isDown(transition.from)) {
        const times = [...(begun.get(provider) ?? []).filter((time) => withinDay(time, at)), at];
        begun.set(provider, times);
        open.set(provider, incidents.length);
        incidents.push(openedBy(transition, times.length));
      }
    } else if (current && index !== undefined) {
      incidents[index] = closed(current, at, transition.to === 'unknown' ? 'not_checked' : 'recovered');
      open.delete(provider);
    }
  }
  return incidents.reverse();
}

function withinDay(time: string, at: string): boolean {
  return Date.parse(at) - Date.parse(time) < DAY_MS;
}

/** When the state before the transition began. */
function sinceOf({ at, lastedMs }: Transition): string {
  return new Date(Date.parse(at) - lastedMs).toISOString();
}

function closed(incident: Incident, at: string, ending: IncidentEnding): Incident {
  // A transition after a wrong clock can seem older than the incident.
  return { ...incident, closedAt: at > incident.openedAt ? at : incident.openedAt, ending };
}

function openedBy({ id, provider, at, category, fault, errorMessage }: Transition, ordinal: number): Incident {
  const categories = category === null ? [] : [category];
  return { id, provider, openedAt: at, closedAt: null, ending: null, fault, categories, errorMessage, ordinal };
}

function worsened(incident: Incident, { category }: Transition): Incident {
  if (category === null || incident.categories.includes(category)) return incident;
  return { ...incident, categories: [...incident.categories, category] };
}
