/**
 * Turns records of the table's stream into notices for the outbox. Returns the failed records, so that Lambda sends
 * them again.
 */

import { messageOf } from '../base/error-text.ts';
import { alertFromItem, alertNoticeFromItem } from '../store/items/alert-item.ts';
import { ALERT_PARTITION, STATUS_PARTITION, TICK_PARTITION } from '../store/items/keys.ts';
import { noticeFromItem, statusFromItem } from '../store/items/status-item.ts';
import { heartbeatFromItem, monitorNoticeFromItem } from '../store/items/tick-item.ts';
import type { Notice } from './notice.ts';
import type { ChannelLog } from './outbox/dispatch.ts';
import type { Outbox } from './outbox/outbox.ts';

/** One write to the table, as the stream shows it. */
export interface StreamRecord {
  sequenceNumber: string;
  /** The item after the write, as an object; null when it was deleted. */
  image: Readonly<Record<string, unknown>> | null;
}

/** Lambda's format for the records to send again. */
export interface BatchFailures {
  batchItemFailures: { itemIdentifier: string }[];
}

/** Ignores records without a notice. The stream's filter lets none through, but a filter may be changed. */
export async function handleRecords(
  outbox: Pick<Outbox, 'handle'>,
  records: readonly StreamRecord[],
  log: ChannelLog,
): Promise<BatchFailures> {
  const byNotice = new Map<Notice, StreamRecord>();
  const failed = new Set<StreamRecord>();
  for (const record of records) {
    try {
      const notice = record.image && noticeOf(record.image);
      if (notice) byNotice.set(notice, record);
    } catch (cause) {
      // Lambda retries the record, in the end alone. Then its place goes to the dead-letter queue, which has an alarm.
      failed.add(record);
      log.error('record not understood', { item: String(record.image?.sk), error: messageOf(cause) });
    }
  }
  if (byNotice.size > 0) {
    for (const notice of await outbox.handle([...byNotice.keys()])) {
      const record = byNotice.get(notice);
      if (record) failed.add(record);
    }
  }
  return {
    batchItemFailures: records
      .filter((record) => failed.has(record))
      .map(({ sequenceNumber }) => ({ itemIdentifier: sequenceNumber })),
  };
}

/** Null for a write without a notice. @throws {ItemError} */
function noticeOf(image: Readonly<Record<string, unknown>>): Notice | null {
  switch (image.pk) {
    case STATUS_PARTITION: {
      const kind = noticeFromItem(image);
      return kind && { kind, status: statusFromItem(image) };
    }
    case TICK_PARTITION: {
      const kind = monitorNoticeFromItem(image);
      const heartbeat = kind && heartbeatFromItem(image);
      return heartbeat && { kind, heartbeat };
    }
    case ALERT_PARTITION: {
      const kind = alertNoticeFromItem(image);
      return kind && { kind, subject: alertFromItem(image).subject };
    }
    default:
      return null;
  }
}
