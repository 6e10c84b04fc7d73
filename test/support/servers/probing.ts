/** A prober for test servers, and a provider for the address of one of them. */

import { EVERY_KEY } from '../../../lib/egress/key-rights.ts';
import type { ProbeOutcome } from '../../../lib/health/check.ts';
import type { ProbeKind, ProviderConfig } from '../../../lib/health/provider.ts';
import { Secret } from '../../../lib/keys/secret.ts';
import { createProber, type ProberOptions } from '../../../lib/probe/create-prober.ts';
import type { Prober, ProbeTarget } from '../../../lib/probe/prober.ts';
import { provider } from '../builders.ts';
import { TRUSTED } from './misbehaviours.ts';
import type { Peer } from './peer.ts';

/** The key of every provider that has one here. No 12 characters of it may be seen anywhere. */
export const KEY = 'pk-Zq8vT1mXw4Lr7PnKc2Jd';

export function testProber(options: Partial<ProberOptions> = {}): Prober {
  return createProber({
    keys: { resolve: async () => new Secret(KEY) },
    keyRights: EVERY_KEY,
    addressPolicy: 'loopback',
    tls: { ca: TRUSTED },
    ...options,
  });
}

export function targetOf(
  { origin }: Pick<Peer, 'origin'>,
  settings: Partial<ProviderConfig> = {},
  kind: ProbeKind = 'completion',
): ProbeTarget {
  const config = provider({ baseUrl: `${origin}/v1`, apiKey: 'env:KEY', ...settings });
  return { config, kind, expectedMs: null };
}

/** One probe with a prober of its own, which is closed after it. */
export async function probeOnce(target: ProbeTarget, options: Partial<ProberOptions> = {}): Promise<ProbeOutcome> {
  const prober = testProber(options);
  const outcome = await prober.probe(target);
  await prober.close();
  if (outcome === null) throw new Error('expected an outcome, got null, although the probe was not cancelled');
  return outcome;
}
