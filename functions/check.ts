/**
 * Runs one tick for a scheduled event or a delay queue's message. A tick that cannot read the table fails, and its
 * event goes to the dead-letter queue. Checks the providers that routers report.
 */

import type { Context } from 'aws-lambda';
import { createReannounce } from '../lib/alerts/reannounce.ts';
import { collectOnRequest } from '../lib/base/garbage.ts';
import type { TickReport } from '../lib/checker/tick/report.ts';
import { providersWithin } from '../lib/health/shards.ts';
import { deployedChecker } from './shared/checker.ts';
import { log, logInvocation } from './shared/log.ts';
import { memoizeByConfig, openMonitor } from './shared/monitor.ts';
import { isReportEvent, type ReportEvent, reportedProviders } from './shared/report-event.ts';
import { type TickEvent, tickOf } from './shared/tick-event.ts';
import { createTickMetrics } from './shared/tick-metrics.ts';

collectOnRequest();
const monitor = openMonitor(import.meta.url);
const { store, tickSeconds, tableName, metricsPerProvider } = monitor;
const metrics = createTickMetrics(tableName);
// Announces the transitions again that the table's stream gave up.
const compare = createReannounce({ store, log });
const currentChecker = memoizeByConfig(
  monitor,
  (config) => {
    const checker = deployedChecker(monitor, config, { tickSeconds, compare });
    if (metricsPerProvider) checker.on('check', (check) => metrics.publishCheck(check));
    return checker;
  },
  (checker) => void checker.stopHealthChecks(),
);
const mostProviders = providersWithin(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? Number.POSITIVE_INFINITY));

export async function handler(event: TickEvent | ReportEvent, context: Context): Promise<TickReport | null> {
  logInvocation(context);
  if (isReportEvent(event)) {
    await checkReported(reportedProviders(event));
    return null;
  }
  const { tick, shard } = tickOf(event);
  // Only the first shard reads the provider list. The other shards and the API find the accepted list in the table.
  const list = await monitor.list();
  if (shard.index === 0) await list?.refresh(tick);
  const checker = await currentChecker();
  const report = await checker.runTick(tick, {
    shard,
    mostProviders,
    // A provider that is unknown here may be one of the list.
    keepsOrphans: list !== null && !list.isWhole(),
    owner: context.awsRequestId,
    deadlineAt: new Date(Date.now() + context.getRemainingTimeInMillis()),
  });
  metrics.publishTick(report);
  return report;
}

async function checkReported(providers: readonly string[]): Promise<void> {
  const checker = await currentChecker();
  const checks = await checker.checkReported(providers);
  const unhealthy = checks.flatMap(({ provider, isHealthy }) => (isHealthy ? [] : provider));
  log.info('reported', { providers, checked: checks.length, unhealthy });
}
