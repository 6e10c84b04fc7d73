/**
 * Which writes of the table wake a function: the alerts function those that carry a notice, the check function reports.
 * Lambda polls the stream free of charge; only records that pass here cause an invocation.
 */

import { MONITOR_NOTICE_KINDS, NOTICE_KINDS } from '../../health/alerting/notice.ts';
import {
  NOTICE_ATTRIBUTE,
  PARTITION_KEY,
  REPORT_PARTITION,
  STATUS_PARTITION,
  TICK_PARTITION,
} from '../../store/items/keys.ts';

/** A record passes when one of these matches. A deletion has no new image, so none does. */
export const NOTICE_PATTERNS = [
  noticePattern(STATUS_PARTITION, NOTICE_KINDS),
  noticePattern(TICK_PARTITION, MONITOR_NOTICE_KINDS),
];

/** Not those that expire. */
export const REPORT_PATTERN = {
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: { Keys: { [PARTITION_KEY]: { S: [REPORT_PARTITION] } } },
};

function noticePattern(partition: string, kinds: readonly string[]) {
  return {
    dynamodb: {
      Keys: { [PARTITION_KEY]: { S: [partition] } },
      NewImage: { [NOTICE_ATTRIBUTE]: { S: kinds } },
    },
  };
}
