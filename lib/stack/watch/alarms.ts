/**
 * Watches the monitor: an alarm for each way in which it can fail. An alarm says what broke, links to its section of
 * the runbook, and says what missing data means. Not here: alerts about providers (lib/alerts).
 */

import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { FLEET_METRICS, LOST_ALERTS_METRIC, REFUSED_LISTS_METRIC } from '../../config/metrics.ts';
import { SILENT_TICKS } from '../../health/status-age.ts';
import type { AlertsFunction } from '../functions/alerts-function.ts';
import type { CheckFunction } from '../functions/check-function.ts';
import type { StatusApi } from '../status-api.ts';
import { endedTicks } from './ended-ticks.ts';
import { fleetMetric, PERIOD } from './fleet-metric.ts';

/** One bad minute is no alarm, since the next tick makes up for it. */
const REPEATEDLY = { threshold: 1, evaluationPeriods: 5, datapointsToAlarm: 3 };
const ONCE = { threshold: 1, evaluationPeriods: 1 };

/** At least two periods, since a metric may come a minute late. */
const SHORTEST_SILENCE_PERIODS = 2;

/** Longer than a channel that hangs once takes with its retries. */
const LATE = Duration.minutes(2);

export interface AlarmsProps {
  readonly tableName: string;
  readonly tickSeconds: number;
  readonly check: CheckFunction;
  readonly alerts: AlertsFunction;
  readonly api: StatusApi;
  /** Whether the monitor reads a provider list. */
  readonly readsList: boolean;
  /** Topics for the beginning and the end of an alarm. */
  readonly topics: AlarmTopics;
  /** Address of docs/runbook.md. */
  readonly runbookUrl: string;
}

/**
 * `critical`: the monitor does not check, or its alerts do not arrive. `warning`: the alarm can wait until the morning.
 */
export type Severity = 'critical' | 'warning';

export type AlarmTopics = Readonly<Record<Severity, readonly ITopic[]>>;

interface AlarmSpec {
  severity: Severity;
  metric: IMetric;
  when: { threshold: number; evaluationPeriods: number; datapointsToAlarm?: number };
  /** What broke, for the person on call. */
  broke: string;
  /** Anchor of the section in docs/runbook.md. */
  section: string;
  /** What missing data means. */
  silence: string;
}

export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { tableName, tickSeconds, check, alerts, api, topics } = props;
    const describe = ({ broke, section, silence }: Pick<AlarmSpec, 'broke' | 'section' | 'silence'>) =>
      `${broke}\nWhat to do: ${props.runbookUrl}#${section}\n${silence}`;
    const fleet = (name: Parameters<typeof fleetMetric>[1]) => fleetMetric(tableName, name, { statistic: Stats.SUM });
    const silencePeriods = Math.ceil((SILENT_TICKS * tickSeconds) / PERIOD.toSeconds());

    const notify = (alarm: Alarm, severity: Severity) => {
      for (const topic of topics[severity]) {
        alarm.addAlarmAction(new SnsAction(topic));
        alarm.addOkAction(new SnsAction(topic));
      }
      return alarm;
    };
    const alarm = (name: string, spec: AlarmSpec) =>
      notify(
        new Alarm(this, name, {
          alarmDescription: describe(spec),
          metric: spec.metric,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          ...spec.when,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }),
        spec.severity,
      );

    const silenceAlarm = (name: string, broke: string, metric: IMetric, evaluationPeriods: number) =>
      notify(
        new Alarm(this, name, {
          alarmDescription: describe({
            broke,
            section: 'no-tick',
            silence: 'Missing data means that no tick ended, so it counts as bad.',
          }),
          metric,
          comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
          threshold: 1,
          evaluationPeriods,
          treatMissingData: TreatMissingData.BREACHING,
        }),
        'critical',
      );

    this.all = [
      silenceAlarm(
        'NoTick',
        'No tick has ended for three intervals: statuses grow stale, and no outage would be noticed.',
        // Every tick writes one value, even when nothing was due.
        fleetMetric(tableName, FLEET_METRICS.due, { statistic: Stats.SAMPLE_COUNT }),
        Math.max(silencePeriods, SHORTEST_SILENCE_PERIODS),
      ),
      // With a single shard, NoTick is enough.
      ...(check.lambdas.length > 1 ? check.lambdas : []).map((lambda, shard) =>
        silenceAlarm(
          `NoTickShard${shard}`,
          `No tick of shard ${shard} has ended for three minutes: the statuses of its providers grow stale.`,
          endedTicks(lambda, `Ticks of shard ${shard}`),
          SILENT_TICKS,
        ),
      ),
      ...check.lambdas.map((lambda, shard) =>
        alarm(shard === 0 ? 'TicksFail' : `TicksFailShard${shard}`, {
          severity: 'warning',
          metric: lambda.metricErrors({ period: PERIOD }),
          when: REPEATEDLY,
          broke: `Ticks${check.lambdas.length > 1 ? ` of shard ${shard}` : ''} fail again and again: the check function throws, or runs out of time.`,
          section: 'ticks-fail',
          silence: 'Missing data means that the function was not invoked. The alarm NoTick is for that.',
        }),
      ),
      alarm('LostTicks', {
        severity: 'warning',
        metric: check.deadLetters.metricApproximateNumberOfMessagesVisible({
          period: PERIOD,
          statistic: Stats.MAXIMUM,
        }),
        when: ONCE,
        broke: 'A tick was lost: its event is in the dead-letter queue of the check function.',
        section: 'lost-ticks',
        silence: 'Missing data means an idle queue: SQS sends none for a queue without messages.',
      }),
      alarm('LostResults', {
        severity: 'warning',
        metric: new MathExpression({
          expression: 'failed + unreached',
          usingMetrics: { failed: fleet(FLEET_METRICS.failed), unreached: fleet(FLEET_METRICS.unreached) },
          label: 'Results lost',
          period: PERIOD,
        }),
        when: REPEATEDLY,
        broke: 'Results are lost again and again: they could not be stored, or the tick had no time for the provider.',
        section: 'lost-results',
        silence: 'Missing data means that no tick ended. The alarm NoTick is for that.',
      }),
      alarm('MonitorFault', {
        severity: 'critical',
        metric: fleet(FLEET_METRICS.monitorFaults),
        when: REPEATEDLY,
        broke: "The monitor's own network fails: nearly all providers and every witness failed at once.",
        section: 'monitor-fault',
        silence: 'Missing data means that no tick ended. The alarm NoTick is for that.',
      }),
      alarm('LostAlerts', {
        severity: 'critical',
        metric: fleet(LOST_ALERTS_METRIC),
        when: ONCE,
        broke: 'An alert did not arrive: a channel refused it, or failed until the alert was given up.',
        section: 'lost-alerts',
        silence: 'Missing data means that every alert arrived.',
      }),
      // Not a sum with the alarm above: both metrics have no data while all is well, and a sum without one of its
      // metrics has no data.
      alarm('AlertDeadLetters', {
        severity: 'critical',
        metric: alerts.deadLetters.metricApproximateNumberOfMessagesVisible({
          period: PERIOD,
          statistic: Stats.MAXIMUM,
        }),
        when: ONCE,
        broke:
          'A transition was given up before its alert was sent: its record is in the dead-letter queue of the alerts function.',
        section: 'alert-dead-letters',
        silence: 'Missing data means an idle queue: SQS sends none for a queue without messages.',
      }),
      alarm('LateAlerts', {
        severity: 'warning',
        metric: alerts.lambda.metric('IteratorAge', { period: PERIOD, statistic: Stats.MAXIMUM }),
        when: { threshold: LATE.toMilliseconds(), evaluationPeriods: 1 },
        broke: `Alerts are more than ${LATE.toMinutes()} minutes late: records in the stream wait for a failing one before them.`,
        section: 'late-alerts',
        silence: 'Missing data means that no state changed, as in most minutes.',
      }),
      alarm('ApiErrors', {
        severity: 'warning',
        metric: api.api.metricServerError({ period: PERIOD, statistic: Stats.SUM }),
        when: REPEATEDLY,
        broke: 'The status API answers 5xx again and again.',
        section: 'api-errors',
        silence: 'Missing data means that there was no request.',
      }),
      ...(props.readsList
        ? [
            alarm('ProviderList', {
              severity: 'warning',
              metric: fleet(REFUSED_LISTS_METRIC),
              when: ONCE,
              broke: 'The provider list is wrong or cannot be read. The last accepted list stays in force.',
              section: 'provider-list',
              silence: 'Missing data means a good list, or that no tick ended. The alarm NoTick is for the latter.',
            }),
          ]
        : []),
    ];
  }
}
