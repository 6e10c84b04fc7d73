/** Records of the table's stream -> notices, handed to the outbox; failed records are returned by name, so that Lambda sends them again. */

import { messageOf } from '../base/error-text.ts';
import { STATUS_PARTITION, TICK_PARTITION } from '../store/items/keys.ts';
import { noticeFromItem, statusFromItem } from '../store/items/status-item.ts';
import { heartbeatFromItem, monitorNoticeFromItem } from '../store/items/tick-item.ts';
import type { Notice } from './notice.ts';
import type { ChannelLog } from './outbox/dispatch.ts';
import type { Outbox } from './outbox/outbox.ts';

/** One write of the table, as its stream has it. */
export interface StreamRecord {
  sequenceNumber: string;
  /** The item after the write, as an object; null when it was deleted. */
  image: Readonly<Record<string, unknown>> | null;
}

/** What Lambda takes as the records that have to come again. */
export interface BatchFailures {
  batchItemFailures: { itemIdentifier: string }[];
}

/** Records without a notice are ignored: the stream's filter lets none through, but a filter may be changed. */
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
      // It comes again, alone in the end, and then its place is a dead letter, with an alarm.
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
    default:
      return null;
  }
}
