/**
 * A scheduled event, or a delay queue's message -> one tick. A tick that cannot read the table fails, and is a dead letter.
 * Reports of routers -> checks of what they report.
 */

import type { Context } from 'aws-lambda';
import { createReannounce } from '../lib/alerts/reannounce.ts';
import { HealthChecker } from '../lib/checker/checker.ts';
import type { TickReport } from '../lib/checker/tick/report.ts';
import { log, logInvocation } from './shared/log.ts';
import { openMonitor } from './shared/monitor.ts';
import { isReportEvent, type ReportEvent, reportedProviders } from './shared/report-event.ts';
import { type TickEvent, tickOf } from './shared/tick-event.ts';
import { createTickMetrics } from './shared/tick-metrics.ts';

const { config, addressPolicy, proxies, store, tableName, metricsPerProvider } = openMonitor(import.meta.url);
const metrics = createTickMetrics(tableName);
// The alerts function, on the table's stream, takes the notices; what the stream gave up is announced again.
const compare = createReannounce({ store, log });
const checker = new HealthChecker({
  config,
  addressPolicy,
  proxies,
  store,
  log,
  onNotices: async () => {},
  compare,
  limitManualChecks: true,
});
if (metricsPerProvider) checker.on('check', (check) => metrics.publishCheck(check));

export async function handler(event: TickEvent | ReportEvent, context: Context): Promise<TickReport | null> {
  logInvocation(context);
  if (isReportEvent(event)) {
    await checkReported(reportedProviders(event));
    return null;
  }
  const { tick, shard } = tickOf(event);
  const report = await checker.runTick(tick, {
    shard,
    owner: context.awsRequestId,
    deadlineAt: new Date(Date.now() + context.getRemainingTimeInMillis()),
  });
  metrics.publishTick(report);
  return report;
}

async function checkReported(providers: readonly string[]): Promise<void> {
  const checks = await checker.checkReported(providers);
  const unhealthy = checks.flatMap(({ provider, isHealthy }) => (isHealthy ? [] : provider));
  log.info('reported', { providers, checked: checks.length, unhealthy });
}
