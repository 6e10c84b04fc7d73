/** Which kind of request a check sends. */

import { probeKindAt } from '../../health/plan.ts';
import type { ProbeKind } from '../../health/provider.ts';
import { supportsProbe } from '../../probe/presets/presets.ts';
import type { Member } from '../fleet/fleet.ts';

/**
 * The planned kind. Null, so that nothing is probed, when the day's tokens are used up and the provider's type has no
 * request without tokens.
 */
export function kindAt({ config, status }: Member, now: Date): ProbeKind | null {
  const kind = probeKindAt(config, status, now);
  return supportsProbe(config.type, kind) ? kind : null;
}
