/** Which request a check sends: the plan's, where the provider's type has such a request. */

import { probeKindAt } from '../../health/plan.ts';
import type { ProbeKind } from '../../health/provider.ts';
import { supportsProbe } from '../../probe/presets/presets.ts';
import type { Member } from '../fleet/fleet.ts';

/** Null when the day's tokens are used up and the type has no request that costs none: then it is not probed. */
export function kindAt({ config, status }: Member, now: Date): ProbeKind | null {
  const kind = probeKindAt(config, status, now);
  return supportsProbe(config.type, kind) ? kind : null;
}
