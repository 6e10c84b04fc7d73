/** A scheduled event, or a delay queue's message -> one tick. A tick that cannot read the table fails, and is a dead letter. */

import type { Context } from 'aws-lambda';
import { HealthChecker } from '../lib/checker/checker.ts';
import type { TickReport } from '../lib/checker/report.ts';
import { log, logInvocation } from './log.ts';
import { openMonitor } from './monitor.ts';
import { type TickEvent, tickOf } from './tick-event.ts';
import { createTickMetrics } from './tick-metrics.ts';

const { config, addressPolicy, store, tableName, metricsPerProvider } = openMonitor(import.meta.url);
const metrics = createTickMetrics(tableName);
// What there is to tell is told by the function on the table's stream.
const checker = new HealthChecker({ config, addressPolicy, store, log, onNotices: async () => {} });
if (metricsPerProvider) checker.on('check', (check) => metrics.publishCheck(check));

export async function handler(event: TickEvent, context: Context): Promise<TickReport> {
  logInvocation(context);
  const report = await checker.runTick(tickOf(event), {
    owner: context.awsRequestId,
    deadlineAt: new Date(Date.now() + context.getRemainingTimeInMillis()),
  });
  metrics.publishTick(report);
  return report;
}
