/**
 * Filters of the table's stream. The alerts function gets writes with a notice, the check function gets reports. Lambda
 * polls the stream free of charge; only records that pass a filter cause an invocation.
 */

import { ALERT_NOTICE_KINDS, MONITOR_NOTICE_KINDS, NOTICE_KINDS } from '../../health/alerting/notice.ts';
import {
  ALERT_PARTITION,
  NOTICE_ATTRIBUTE,
  PARTITION_KEY,
  REPORT_PARTITION,
  STATUS_PARTITION,
  TICK_PARTITION,
} from '../../store/items/keys.ts';

/** A record passes when one pattern matches. A deletion has no new image, so it never passes. */
export const NOTICE_PATTERNS = [
  noticePattern(STATUS_PARTITION, NOTICE_KINDS),
  noticePattern(TICK_PARTITION, MONITOR_NOTICE_KINDS),
  noticePattern(ALERT_PARTITION, ALERT_NOTICE_KINDS),
];

/** Without `REMOVE`: reports that expire must not cause checks. */
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
