/** The outbox's input: a write that an alert may follow from. */

import { MONITOR_SUBJECT } from '../health/alerting/alert.ts';
import type { AlertNoticeKind, MonitorNoticeKind, NoticeKind } from '../health/alerting/notice.ts';
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

/** A record with unsent alerts, which another function wrote. */
export interface RecordNotice {
  kind: AlertNoticeKind;
  /** The provider's id. */
  subject: string;
}

export type Notice = StatusNotice | MonitorNotice | RecordNotice;

/** Handles notices. The caller passes the notices of one provider in the order of their writes. */
export type OnNotices = (notices: readonly Notice[]) => Promise<void>;

export function isStatusNotice(notice: Notice): notice is StatusNotice {
  return 'status' in notice;
}

/** The subject of the record that the notice may change. */
export function subjectOf(notice: Notice): string {
  if (isStatusNotice(notice)) return notice.status.provider;
  return 'subject' in notice ? notice.subject : MONITOR_SUBJECT;
}
