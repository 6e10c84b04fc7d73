/** Groups the incidents of a flapping provider: ten incidents within six minutes would hide those of other providers. */

import { MINUTE_MS } from '../../base/time.ts';
import type { Incident } from './incident.ts';

/** The longest time between the end of one incident and the beginning of the next in the same group. */
const GAP_MS = 30 * MINUTE_MS;
/** Fewer incidents than this are not grouped. */
const LEAST = 3;

/** One incident, or several incidents of one provider in quick succession; newest first. */
export type IncidentGroup = readonly [Incident, ...Incident[]];

/**
 * Groups the incidents. Each group is where its newest incident was.
 *
 * @param incidents Those of one provider are newest first.
 */
export function groupsOf(incidents: readonly Incident[]): IncidentGroup[] {
  const chains: [Incident, ...Incident[]][] = [];
  const places = new Map(incidents.map((incident, place) => [incident.id, place]));
  const placeOf = ([newest]: IncidentGroup) => places.get(newest.id) ?? 0;
  const last = new Map<string, [Incident, ...Incident[]]>();
  for (const incident of incidents) {
    const chain = last.get(incident.provider);
    const next = chain?.at(-1);
    if (chain && next && follows(next, incident)) {
      chain.push(incident);
      continue;
    }
    const fresh: [Incident, ...Incident[]] = [incident];
    chains.push(fresh);
    last.set(incident.provider, fresh);
  }
  return chains
    .flatMap((chain): IncidentGroup[] => (chain.length >= LEAST ? [chain] : chain.map((one) => [one])))
    .sort((a, b) => placeOf(a) - placeOf(b));
}

function follows(later: Incident, earlier: Incident): boolean {
  if (earlier.closedAt === null) return false;
  return Date.parse(later.openedAt) - Date.parse(earlier.closedAt) <= GAP_MS;
}
