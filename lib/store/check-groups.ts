/**
 * Which providers' checks lie together. A write unit is a kilobyte, and a packed check takes some 45 bytes: so the checks
 * of one tick are written in groups of providers, an item each.
 */

import { createHash } from 'node:crypto';
import type { ProviderConfig } from '../health/provider.ts';

/** As many usual checks as one write unit holds, with the item's keys. More would only be more to read for one of them. */
export const GROUP_SIZE = 20;
/** Of the hash that names a group: too many for two groups to meet. */
const ID_LENGTH = 16;

export type Grouped = Pick<ProviderConfig, 'id' | 'model' | 'intervalSeconds'>;

/** Where in a group a provider's checks lie. */
export interface CheckPlace {
  /** Names the group, and with it who is in it: another list of members is another group. */
  group: string;
  slot: number;
  /** The model that its checks are of. */
  model: string;
}

export interface CheckGroups {
  /** Null for a provider that is in no group: its checks are items of their own. */
  placeOf(provider: string): CheckPlace | null;
  /** The members of a group of these, in the order of the slots. */
  membersOf(group: string): readonly { provider: string; model: string }[];
}

/** Providers of one interval lie together, since they are due together. The same providers always make the same groups. */
export function checkGroups(providers: readonly Grouped[]): CheckGroups {
  const ordered = providers.toSorted((a, b) => a.intervalSeconds - b.intervalSeconds || (a.id < b.id ? -1 : 1));
  const members = new Map<string, { provider: string; model: string }[]>();
  const places = new Map<string, CheckPlace>();
  for (let first = 0; first < ordered.length; first += GROUP_SIZE) {
    const ofGroup = ordered.slice(first, first + GROUP_SIZE).map(({ id, model }) => ({ provider: id, model }));
    const group = nameOf(ofGroup);
    members.set(group, ofGroup);
    for (const [slot, { provider, model }] of ofGroup.entries()) places.set(provider, { group, slot, model });
  }
  return {
    placeOf: (provider) => places.get(provider) ?? null,
    membersOf: (group) => members.get(group) ?? [],
  };
}

function nameOf(members: readonly { provider: string; model: string }[]): string {
  const list = JSON.stringify(members.map(({ provider, model }) => [provider, model]));
  return createHash('sha256').update(list).digest('base64url').slice(0, ID_LENGTH);
}
