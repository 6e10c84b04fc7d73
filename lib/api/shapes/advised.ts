/** A status in an answer of the API: with its age, and with advice about its last check. */

import { adviceOn } from '../../failures/advice.ts';
import { type AgedStatus, withAge } from '../../health/aged-status.ts';
import type { ProviderStatus } from '../../health/status.ts';

export type AdvisedStatus = AgedStatus & {
  /** One line that says what to do about a failed last check; absent otherwise. */
  advice?: string;
};

export function withAdvice(status: ProviderStatus, now: Date): AdvisedStatus {
  const { lastCheck } = status;
  return { ...withAge(status, now), ...(lastCheck?.isHealthy === false && { advice: adviceOn(lastCheck) }) };
}
