/** A status as the API answers it: how old it is, and what to do about its last check. */

import { adviceOn } from '../../failures/advice.ts';
import { type AgedStatus, withAge } from '../../health/aged-status.ts';
import type { ProviderStatus } from '../../health/status.ts';

export type AdvisedStatus = AgedStatus & {
  /** One line on what to do about the last check; absent when it was good, and before the first. */
  advice?: string;
};

export function withAdvice(status: ProviderStatus, now: Date): AdvisedStatus {
  const { lastCheck } = status;
  return { ...withAge(status, now), ...(lastCheck?.isHealthy === false && { advice: adviceOn(lastCheck) }) };
}
