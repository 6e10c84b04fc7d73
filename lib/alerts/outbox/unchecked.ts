/**
 * Ends the open problems of providers that are no longer checked, by the records in the table. Usually the last status of
 * such a provider ends its problem. This makes up for a status that is gone: the notice was lost, or an earlier release
 * deleted the status.
 */

import { MONITOR_SUBJECT } from '../../health/alerting/alert.ts';
import { endedRecord } from '../../health/alerting/next-alert.ts';
import type { AlertNoticeKind } from '../../health/alerting/notice.ts';
import type { AlertStore } from '../../store/store.ts';
import type { ChannelLog } from './dispatch.ts';
import { withAlerts } from './unsent.ts';

export interface UncheckedOptions {
  log: Pick<ChannelLog, 'info' | 'error'>;
  /** Called with the ids of alerts that are given up, because too many of one provider are unsent. */
  onLost?: ((alerts: readonly string[]) => void) | undefined;
  /** The notice of each write. Absent: the caller sends the alerts itself. */
  notice?: AlertNoticeKind;
}

/**
 * Decides the last alert of each open problem of a provider that is not checked. A record that another process writes at
 * the same time stays for the next call.
 *
 * @returns Whether there were some.
 * @throws {StoreError}
 */
export async function endUnchecked(
  alerts: AlertStore,
  isChecked: (provider: string) => boolean,
  now: Date,
  { log, onLost, notice }: UncheckedOptions,
): Promise<boolean> {
  let isAny = false;
  for (const record of await alerts.list()) {
    const { subject, open } = record;
    if (open === null || subject === MONITOR_SUBJECT || isChecked(subject)) continue;
    const step = endedRecord({ ...record, open }, now);
    const { next, dropped } = withAlerts(step.record, step.alerts);
    if ((await alerts.put(next, notice)) === 'conflict') continue;
    isAny = true;
    log.info('problem ended: the provider is no longer checked', { provider: subject, problem: open.problem });
    if (dropped.length === 0) continue;
    log.error('alerts given up: too many of one provider are unsent', { alerts: dropped });
    onLost?.(dropped);
  }
  return isAny;
}
