/** The interface of the prober, for the checker. The implementation is in create-prober.ts. */

import type { ProbeOutcome } from '../health/check.ts';
import type { ProbeKind, ProviderConfig } from '../health/provider.ts';

export interface ProbeTarget {
  config: ProviderConfig;
  kind: ProbeKind;
  /** The provider's last known median response time. It decides the order and the pace of a tick. Null: not known. */
  expectedMs: number | null;
}

/** Null: the signal aborted before the provider's own timeout, so the probe says nothing about the provider. */
export type ProbeResult = ProbeOutcome | null;

export interface Prober {
  /** Probes one provider at once. Never rejects. */
  probe(target: ProbeTarget, signal?: AbortSignal): Promise<ProbeResult>;
  /**
   * Probes all targets, in an order and at a pace that keep a single core from measuring its own load.
   *
   * @returns A promise for each target, in the same order. Each settles when its own probe ends; none rejects.
   */
  probeAll(targets: readonly ProbeTarget[], signal?: AbortSignal): Promise<ProbeResult>[];
  /** Closes every connection and timer. Resolves when none is left. */
  close(): Promise<void>;
}
