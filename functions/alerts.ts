/**
 * The table's stream -> transitions recorded, alerts sent. The stream's filter lets through only writes with a notice.
 *
 * What keeps a notice from being lost: the status write is in the stream for a day, also when the check function dies;
 * a record that fails comes again for an hour, alone in the end, and then its place in the stream is a dead letter, with
 * an alarm. An alert is in the table before it is sent, so that any later notice sends what an invocation left. And what
 * was given up is made up for: the status carries it, so the provider's next transition brings it too; the next status that
 * shows that an open problem ended closes it; and the check function announces a transition again that is not on record.
 */

import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { createAlerts } from '../lib/alerts/alerts.ts';
import { handleRecords } from '../lib/alerts/stream.ts';
import { systemClock } from '../lib/base/clock.ts';
import { MINUTE_MS } from '../lib/base/time.ts';
import { createKeyResolver } from '../lib/keys/keys.ts';
import { fromAttributes } from '../lib/store/items/attributes.ts';
import { createLostAlertsMetric } from './shared/alert-metrics.ts';
import { log, logInvocation } from './shared/log.ts';
import { openMonitor } from './shared/monitor.ts';

/** A failing record blocks its shard. Give up after two minutes, so one dead channel cannot delay the others. */
const GIVE_UP_AFTER_MS = 2 * MINUTE_MS;

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
