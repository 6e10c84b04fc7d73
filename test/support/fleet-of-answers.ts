/** Answers with everything that a real one has, so that the items made of them are as large as in use. */

import type { ProbeOutcome } from '../../lib/health/check.ts';
import { logNormal, seededRandom } from '../../lib/local/simulator/random.ts';
import type { ProbeTarget } from '../../lib/probe/prober.ts';
import { goodCheck } from './builders.ts';

const HEX = '0123456789abcdef';

/** A good answer over a connection of its own, with tokens and a request id, a different one each time. */
export function measured(seed = 1, medianMs = 400): (target: ProbeTarget, signal?: AbortSignal) => ProbeOutcome {
  const random = seededRandom(seed);
  const tenths = (median: number) => Math.round(logNormal(median, 0.3, random) * 10) / 10;
  return (target) => {
    const [dnsMs, connectMs, tlsMs, firstByteMs] = [tenths(4), tenths(15), tenths(30), tenths(medianMs)];
    const responseTimeMs = Math.round(firstByteMs + tenths(3));
    const totalMs = Math.round((dnsMs + connectMs + tlsMs + responseTimeMs) * 10) / 10;
    const requestId = `req_${Array.from({ length: 24 }, () => HEX[Math.floor(random() * 16)]).join('')}`;
    const timings = { dnsMs, connectMs, tlsMs, firstByteMs, firstTokenMs: null, totalMs };
    const check = goodCheck({ responseTimeMs, timings, requestId, tokens: { input: 14, output: 1, estimated: false } });
    const { provider, model, timestamp, trigger, attempts, firstAttempt, ...outcome } = check;
    return { ...outcome, probe: target.kind };
  };
}
