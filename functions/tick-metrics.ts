/** What a tick leaves in the log and in CloudWatch: numbers as metrics of the whole fleet, names of providers as fields. */

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TickReport } from '../lib/checker/report.ts';
import { log } from './log.ts';

const metrics = new Metrics({ namespace: 'ProviderHealth', serviceName: 'provider-health' });

export function publishTick(report: TickReport): void {
  const { tick, outcome, due, stored, failed, skipped, transitions, monitorFault, durationMs } = report;
  const write = failed.length > 0 || monitorFault ? log.warn : log.info;
  write('tick', { tick, outcome, due, stored: stored.length, failed, skipped, transitions, monitorFault, durationMs });
  // Somebody else had this tick and has counted it.
  if (outcome === 'taken') return;
  metrics.addMetric('StoredResults', MetricUnit.Count, stored.length);
  metrics.addMetric('FailedResults', MetricUnit.Count, failed.length);
  metrics.addMetric('SkippedResults', MetricUnit.Count, skipped.length);
  metrics.addMetric('UnhealthyResults', MetricUnit.Count, report.unhealthy);
  metrics.addMetric('UncertainResults', MetricUnit.Count, report.uncertain);
  metrics.addMetric('MonitorFaults', MetricUnit.Count, monitorFault ? 1 : 0);
  metrics.addMetric('TickDuration', MetricUnit.Milliseconds, durationMs);
  metrics.addMetadata('failedProviders', failed.map(({ provider }) => provider).join());
  metrics.publishStoredMetrics();
}
