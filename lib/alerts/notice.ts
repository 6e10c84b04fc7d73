/** The outbox's input: a write that an alert may follow from. */

import type { MonitorNoticeKind, NoticeKind } from '../health/alerting/notice.ts';
import type { ProviderStatus } from '../health/status.ts';
import type { Heartbeat } from '../store/store.ts';

export interface StatusNotice {
  kind: NoticeKind;
  /** The status as it was written. */
  status: ProviderStatus;
}

export interface MonitorNotice {
  kind: MonitorNoticeKind;
  /** Heartbeat of the tick that noticed it. */
  heartbeat: Heartbeat;
}

export type Notice = StatusNotice | MonitorNotice;

/** Handles notices. The caller passes the notices of one provider in the order of their writes. */
export type OnNotices = (notices: readonly Notice[]) => Promise<void>;

export function isMonitorNotice(notice: Notice): notice is MonitorNotice {
  return 'heartbeat' in notice;
}
