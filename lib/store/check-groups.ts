/**
 * Divides providers into groups, so that the checks of one group and tick are written as one item (a pack). One write unit pays
 * for a kilobyte, and a packed check needs only about 45 bytes.
 */

import { createHash } from 'node:crypto';
import type { ProviderConfig } from '../health/provider.ts';

/** 20 usual checks fit into one write unit. Larger groups would only make reading one provider's checks slower. */
export const GROUP_SIZE = 20;
/** Characters of the hash that names a group. Long enough that two groups never have the same name. */
const ID_LENGTH = 16;

export type Grouped = Pick<ProviderConfig, 'id' | 'model' | 'intervalSeconds'>;

/** The place of a provider's checks: its group, and its slot in the group. */
export interface CheckPlace {
  /** Name of the group. It is a hash of the members, so other members make another group. */
  group: string;
  /** Index of the provider in the group, from 0. */
  slot: number;
  /** The model of its checks. */
  model: string;
}

export interface CheckGroups {
  /** Null for a provider that is in no group. Each of its checks is an item of its own. */
  placeOf(provider: string): CheckPlace | null;
  /** The members of a group, in the order of their slots; empty for an unknown group. */
  membersOf(group: string): readonly { provider: string; model: string }[];
}

/**
 * Groups providers with the same interval, because they are due in the same ticks. The same providers always make the same
 * groups.
 */
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
