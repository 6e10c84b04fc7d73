/** Writes two log lines for each tick: one with the fleet's numbers, and one with the metrics for CloudWatch. */

import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TickReport } from '../../lib/checker/tick/report.ts';
import {
  FLEET_METRICS,
  METRIC_NAMESPACE,
  PROVIDER_DIMENSION,
  PROVIDER_METRICS,
  REFUSED_TICKS_METRIC,
} from '../../lib/config/metrics.ts';
import type { HealthCheck } from '../../lib/health/check.ts';
import { log } from './log.ts';

export interface TickMetrics {
  publishTick(report: TickReport): void;
  /** Writes the metrics of one provider, in a line of their own. AWS bills two custom metrics for each provider. */
  publishCheck(check: HealthCheck): void;
}

/** @param tableName The dimension that separates the metrics of several monitors. */
export function createTickMetrics(tableName: string): TickMetrics {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: tableName });

  return {
    publishTick(report) {
      const { tick, outcome, due, stored, failed, skipped, transitions, fromFuture, monitorFault, durationMs } = report;
      if (outcome === 'refused') {
        // The tick has already logged the reason.
        metrics.addMetric(REFUSED_TICKS_METRIC, MetricUnit.Count, 1);
        metrics.publishStoredMetrics();
        return;
      }
      const lacking = skipped.filter(({ because }) => because !== undefined);
      const isBad = failed.length + fromFuture.length + lacking.length > 0 || monitorFault;
      const write = isBad ? log.warn : log.info;
      const counts = { due, stored: stored.length, failed, skipped, transitions };
      const ahead = fromFuture.length > 0 && { fromFuture };
      write('tick', { tick, outcome, ...counts, ...ahead, monitorFault, durationMs });
      // Another invocation ran this tick, and counted it.
      if (outcome === 'taken') return;
      const unreached = skipped.filter(({ reason, because }) => reason === 'deadline' || because !== undefined);
      metrics.addMetric(FLEET_METRICS.due, MetricUnit.Count, due);
      metrics.addMetric(FLEET_METRICS.stored, MetricUnit.Count, stored.length);
      metrics.addMetric(FLEET_METRICS.failed, MetricUnit.Count, failed.length);
      metrics.addMetric(FLEET_METRICS.skipped, MetricUnit.Count, skipped.length);
      metrics.addMetric(FLEET_METRICS.unreached, MetricUnit.Count, unreached.length);
      metrics.addMetric(FLEET_METRICS.unhealthy, MetricUnit.Count, report.unhealthy);
      if (stored.length > 0) {
        metrics.addMetric(FLEET_METRICS.uncertainShare, MetricUnit.Percent, (100 * report.uncertain) / stored.length);
      }
      metrics.addMetric(FLEET_METRICS.tickDuration, MetricUnit.Milliseconds, durationMs);
      metrics.addMetric(FLEET_METRICS.monitorFaults, MetricUnit.Count, monitorFault ? 1 : 0);
      // Names in the metrics' own line, where an operator looks for a bad minute. They are not a metric.
      if (failed.length > 0) metrics.addMetadata('failedProviders', failed.map(({ provider }) => provider).join());
      metrics.publishStoredMetrics();
    },

    publishCheck({ provider, isHealthy, responseTimeMs }) {
      metrics.addDimension(PROVIDER_DIMENSION, provider);
      metrics.addMetric(PROVIDER_METRICS.healthy, MetricUnit.Count, isHealthy ? 1 : 0);
      if (isHealthy) metrics.addMetric(PROVIDER_METRICS.responseTime, MetricUnit.Milliseconds, responseTimeMs);
      metrics.publishStoredMetrics();
    },
  };
}
