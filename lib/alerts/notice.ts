/** What the outbox gets: a write that people may have to be notified of. */

import type { MonitorNoticeKind, NoticeKind } from '../health/alerting/notice.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Heartbeat } from '../store/store.ts';

export interface StatusNotice {
  kind: NoticeKind;
  /** As it was written. */
  status: ProviderStatus;
}

export interface MonitorNotice {
  kind: MonitorNoticeKind;
  /** Of the tick that found out. */
  heartbeat: Heartbeat;
}

export type Notice = StatusNotice | MonitorNotice;

/** Takes notices, those of one provider in the order of their writes. */
export type OnNotices = (notices: readonly Notice[]) => Promise<void>;

export function isMonitorNotice(notice: Notice): notice is MonitorNotice {
  return 'heartbeat' in notice;
}
