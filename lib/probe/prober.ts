/** What the checker asks of the probe. The implementation is left to the files beside this one. */

import type { ProbeOutcome } from '../health/check.ts';
import type { ProbeKind, ProviderConfig } from '../health/provider.ts';

export interface ProbeTarget {
  config: ProviderConfig;
  kind: ProbeKind;
  /** Its last known median response time: it decides the order and the pace of a tick. Null when nothing is known. */
  expectedMs: number | null;
}

/** Null: the signal aborted before the provider's own timeout, so nothing is known of the provider. */
export type ProbeResult = ProbeOutcome | null;

export interface Prober {
  /** Probes one provider at once. Never rejects. */
  probe(target: ProbeTarget, signal?: AbortSignal): Promise<ProbeResult>;
  /**
   * Probes all targets, paced and ordered so that one core measures them and not itself. A promise for each target, in
   * their order, each settled as its own probe ends; none rejects.
   */
  probeAll(targets: readonly ProbeTarget[], signal?: AbortSignal): Promise<ProbeResult>[];
  /** Closes every connection and timer; resolves when none is left. */
  close(): Promise<void>;
}
