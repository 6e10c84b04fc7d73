/**
 * Reads the table's stream, records transitions and sends alerts. The stream's filter lets through only writes with a
 * notice.
 *
 * Why no notice is lost:
 * - The stream keeps the status write for a day, also when the check function dies.
 * - Lambda retries a failing record for an hour, in the end alone. Then the record's place in the stream goes to the
 *   dead-letter queue, which has an alarm.
 * - An alert is in the table before it is sent. What a channel did not take stays there. The check function passes it on again
 *   every minute, through the stream, and any later notice sends it too. So a channel that fails blocks no record.
 * - A record that was given up is made up for. The status carries its transition, so the provider's next transition
 *   brings it too. The next status that shows the end of an open problem closes it. And the check function announces
 *   transitions again that are not on record.
 */

import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { createAlerts } from '../lib/alerts/alerts.ts';
import { handleRecords } from '../lib/alerts/stream.ts';
import { systemClock } from '../lib/base/clock.ts';
import { HOUR_MS } from '../lib/base/time.ts';
import { createKeyResolver } from '../lib/keys/keys.ts';
import { fromAttributes } from '../lib/store/items/attributes.ts';
import { createLostAlertsMetric } from './shared/alert-metrics.ts';
import { log, logInvocation } from './shared/log.ts';
import { openMonitor } from './shared/monitor.ts';

/** An alert of an hour ago is outdated: the problem's next reminder says the same. */
const GIVE_UP_AFTER_MS = HOUR_MS;
/** New records wait for the invocation before them. So they wait this long for a channel that fails, and 5 s for its last attempt. */
const RETRY_MS = 2000;

const { config, addressPolicy, proxies, store, tableName } = openMonitor(import.meta.url);
const alerts = createAlerts({
  settings: config.alerts,
  publicUrl: config.publicUrl,
  store,
  keys: createKeyResolver(),
  addressPolicy,
  proxies,
  clock: systemClock,
  log,
  giveUpAfterMs: GIVE_UP_AFTER_MS,
  retryMs: RETRY_MS,
  sendsAgain: true,
  onLost: createLostAlertsMetric(tableName),
});

export async function handler(event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  logInvocation(context);
  const records = event.Records.map(({ dynamodb }) => ({
    sequenceNumber: dynamodb?.SequenceNumber ?? '',
    image: dynamodb?.NewImage ? fromAttributes(dynamodb.NewImage) : null,
  }));
  return handleRecords(alerts, records, log);
}
