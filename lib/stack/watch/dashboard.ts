/** The CloudWatch dashboard of the monitor: alarms, ticks, API, alerts and table. */

import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  FLEET_METRICS,
  LOST_ALERTS_METRIC,
  METRIC_NAMESPACE,
  MONITOR_DIMENSION,
  PROVIDER_DIMENSION,
  PROVIDER_METRICS,
} from '../../config/metrics.ts';
import type { AlertsFunction } from '../functions/alerts-function.ts';
import type { CheckFunction } from '../functions/check-function.ts';
import type { StatusApi } from '../status-api.ts';
import { endedTicks } from './ended-ticks.ts';
import { fleetMetric, PERIOD } from './fleet-metric.ts';

/** Widths in units of CloudWatch: a page is 24 wide. */
const FULL = 24;
const HALF = 12;
const THIRD = 8;

export interface DashboardProps {
  readonly table: ITable;
  readonly check: CheckFunction;
  readonly alerts: AlertsFunction;
  readonly api: StatusApi;
  readonly alarms: readonly Alarm[];
  readonly metricsPerProvider: boolean;
}

export class Dashboard extends Construct {
  readonly dashboard: CloudWatchDashboard;

  constructor(scope: Construct, id: string, { table, check, alerts, api, alarms, metricsPerProvider }: DashboardProps) {
    super(scope, id);
    const { tableName } = table;
    const fleet = (name: Parameters<typeof fleetMetric>[1], statistic: string, label: string) =>
      fleetMetric(tableName, name, { statistic, label });
    const sum = { statistic: Stats.SUM, period: PERIOD };
    const lambdas = (metric: (lambda: LambdaFunction) => IMetric) => check.lambdas.map(metric);

    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
    this.dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: FULL, height: 3 }));
    this.dashboard.addWidgets(
      graph('Providers', HALF, [
        fleet(FLEET_METRICS.due, Stats.SUM, 'due'),
        fleet(FLEET_METRICS.stored, Stats.SUM, 'stored'),
        fleet(FLEET_METRICS.unhealthy, Stats.SUM, 'unhealthy'),
      ]),
      graph('Results lost', HALF, [
        fleet(FLEET_METRICS.failed, Stats.SUM, 'failed'),
        fleet(FLEET_METRICS.skipped, Stats.SUM, 'skipped'),
        fleet(FLEET_METRICS.unreached, Stats.SUM, 'skipped for lack of time'),
        fleet(FLEET_METRICS.monitorFaults, Stats.SUM, 'monitor faults'),
      ]),
    );
    this.dashboard.addWidgets(
      graph('Ticks', THIRD, [
        fleet(FLEET_METRICS.due, Stats.SAMPLE_COUNT, 'ended'),
        sumOf(
          'failed',
          lambdas((lambda) => lambda.metricErrors(sum)),
        ),
        sumOf(
          'throttled',
          lambdas((lambda) => lambda.metricThrottles(sum)),
        ),
        check.deadLetters.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          period: PERIOD,
          label: 'dead letters',
        }),
      ]),
      graph('Duration of a tick (ms)', THIRD, [
        fleet(FLEET_METRICS.tickDuration, Stats.AVERAGE, 'average'),
        fleet(FLEET_METRICS.tickDuration, Stats.MAXIMUM, 'longest'),
      ]),
      graph('Uncertain response times (%)', THIRD, [fleet(FLEET_METRICS.uncertainShare, Stats.AVERAGE, 'share')]),
    );
    this.dashboard.addWidgets(
      graph('API', THIRD, [
        api.api.metricCount({ ...sum, label: 'requests' }),
        api.api.metricClientError({ ...sum, label: '4xx' }),
        api.api.metricServerError({ ...sum, label: '5xx' }),
      ]),
      graph('Alerts', THIRD, [
        alerts.lambda.metricInvocations({ ...sum, label: 'batches' }),
        alerts.lambda.metricErrors({ ...sum, label: 'failed' }),
        fleet(LOST_ALERTS_METRIC, Stats.SUM, 'alerts lost'),
        alerts.deadLetters.metricApproximateNumberOfMessagesVisible({
          statistic: Stats.MAXIMUM,
          period: PERIOD,
          label: 'dead letters',
        }),
      ]),
      graph('Age of the stream (ms)', THIRD, [
        alerts.lambda.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: PERIOD, label: 'oldest record' }),
      ]),
    );
    this.dashboard.addWidgets(
      graph('Table: units a minute', HALF, [
        table.metricConsumedReadCapacityUnits({ ...sum, label: 'read' }),
        table.metricConsumedWriteCapacityUnits({ ...sum, label: 'written' }),
      ]),
      graph('Latency of the API (ms)', HALF, [
        api.api.metricLatency({ statistic: Stats.p(50), period: PERIOD, label: 'p50' }),
        api.api.metricLatency({ statistic: Stats.p(99), period: PERIOD, label: 'p99' }),
      ]),
    );
    if (check.lambdas.length > 1) {
      const label = (shard: number) => `shard ${shard}`;
      this.dashboard.addWidgets(
        graph(
          'Ticks that ended, by shard',
          HALF,
          check.lambdas.map((lambda, shard) => endedTicks(lambda, label(shard))),
        ),
        graph(
          'Longest tick by shard (ms)',
          HALF,
          check.lambdas.map((lambda, shard) =>
            lambda.metricDuration({ statistic: Stats.MAXIMUM, period: PERIOD, label: label(shard) }),
          ),
        ),
      );
    }
    if (!metricsPerProvider) return;
    this.dashboard.addWidgets(
      graph('Response time by provider (ms)', HALF, [everyProvider(tableName, PROVIDER_METRICS.responseTime)]),
      graph('Share of good checks by provider', HALF, [everyProvider(tableName, PROVIDER_METRICS.healthy)]),
    );
  }
}

function graph(title: string, width: number, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, width, height: 6, left, leftYAxis: { min: 0 } });
}

/** The sum of metrics. Missing values count as 0. */
function sumOf(label: string, metrics: readonly IMetric[]): IMetric {
  const named = metrics.map((metric, i) => [`${label}${i}`, metric] as const);
  return new MathExpression({
    expression: named.map(([id]) => `FILL(${id}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(named),
    label,
    period: PERIOD,
  });
}

/** The metric of every provider, also of registered ones, which the stack does not know. */
function everyProvider(tableName: string, metricName: string): MathExpression {
  const schema = [METRIC_NAMESPACE, MONITOR_DIMENSION, PROVIDER_DIMENSION].join();
  const query = `{${schema}} MetricName="${metricName}" ${MONITOR_DIMENSION}="${tableName}"`;
  return new MathExpression({
    expression: `SEARCH('${query}', 'Average')`,
    usingMetrics: {},
    label: '',
    period: PERIOD,
  });
}
