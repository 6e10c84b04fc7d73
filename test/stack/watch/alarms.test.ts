import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import {
  FLEET_METRICS,
  LOST_ALERTS_METRIC,
  METRIC_NAMESPACE,
  MONITOR_DIMENSION,
  REFUSED_LISTS_METRIC,
} from '../../../lib/config/metrics.ts';
import { ProviderHealthStack } from '../../../lib/stack/provider-health-stack.ts';
import { newApp, newStack, resourceIn, synthesize } from '../synth.ts';

const ALARM = 'AWS::CloudWatch::Alarm';

interface AlarmProperties {
  AlarmDescription: string;
  AlarmActions?: unknown[];
  OKActions?: unknown[];
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value: unknown }[];
  Metrics?: { Expression?: string; MetricStat?: { Metric: { MetricName: string } } }[];
  TreatMissingData: string;
  Threshold: number;
}

const template = synthesize();
const tableId = resourceIn(template, 'AWS::DynamoDB::Table', 'Table').id;

const alarmsOf = (from: Template) =>
  Object.values(from.findResources(ALARM)).map(({ Properties }) => Properties as AlarmProperties);

const alarm = (name: string, from: Template = template) =>
  resourceIn(from, ALARM, `HealthAlarms${name}`).properties as unknown as AlarmProperties;

describe('the alarm', () => {
  test.each([
    ['NoTick', 'breaching', FLEET_METRICS.due],
    ['TicksFail', 'notBreaching', 'Errors'],
    ['LostTicks', 'notBreaching', 'ApproximateNumberOfMessagesVisible'],
    ['MonitorFault', 'notBreaching', FLEET_METRICS.monitorFaults],
    ['LostAlerts', 'notBreaching', LOST_ALERTS_METRIC],
    ['AlertDeadLetters', 'notBreaching', 'ApproximateNumberOfMessagesVisible'],
    ['LateAlerts', 'notBreaching', 'IteratorAge'],
    ['ApiErrors', 'notBreaching', '5xx'],
  ])('%s takes missing data as %s, and looks at %s', (name, missing, metric) => {
    expect(alarm(name)).toMatchObject({ TreatMissingData: missing, MetricName: metric });
  });

  test.each([
    [60, 3],
    [30, 2],
    [10, 2],
  ] as const)('NoTick, with a tick every %i s, is raised when %i minutes have none', (tickSeconds, periods) => {
    expect(alarm('NoTick', synthesize({ tickSeconds }))).toMatchObject({
      Statistic: 'SampleCount',
      Period: 60,
      EvaluationPeriods: periods,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'breaching',
    });
  });

  test('T3: LostResults adds what could not be stored and what there was no time for', () => {
    const { Metrics = [], TreatMissingData } = alarm('LostResults');
    expect(TreatMissingData).toBe('notBreaching');
    expect(Metrics.flatMap(({ Expression }) => Expression ?? [])).toEqual(['failed + unreached']);
    expect(Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []).sort()).toEqual([
      FLEET_METRICS.failed,
      FLEET_METRICS.unreached,
    ]);
  });

  test.each(['TicksFail', 'LostResults', 'MonitorFault', 'ApiErrors'])(
    '%s is raised by three bad minutes of five, not by one',
    (name) => {
      expect(alarm(name)).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3, Threshold: 1 });
    },
  );

  test.each([
    ['LostTicks', 'CheckDeadLetters'],
    ['AlertDeadLetters', 'AlertsDeadLetters'],
  ])('%s is raised by one message in %s', (name, queue) => {
    const queueId = resourceIn(template, 'AWS::SQS::Queue', queue).id;
    expect(alarm(name)).toMatchObject({ EvaluationPeriods: 1, Threshold: 1 });
    expect(JSON.stringify(alarm(name))).toContain(JSON.stringify({ 'Fn::GetAtt': [queueId, 'QueueName'] }));
  });
});

test('T8: the metrics of ticks are those of this monitor, also beside others in the account', () => {
  for (const name of ['NoTick', 'MonitorFault']) {
    expect(alarm(name).Namespace).toBe(METRIC_NAMESPACE);
    expect(alarm(name).Dimensions).toEqual([{ Name: MONITOR_DIMENSION, Value: { Ref: tableId } }]);
  }
});

test('every alarm says what broke, where to look, and why silence counts as it does', () => {
  const descriptions = alarmsOf(template).map(({ AlarmDescription }) => AlarmDescription);
  expect(descriptions).toHaveLength(9);
  for (const description of descriptions) {
    expect(description).toMatch(
      /^[A-Z].+\.\nWhat to do: https:\/\/\S+\/docs\/runbook\.md#[a-z-]+\nMissing data means .+\.$/,
    );
  }
});

describe('who is notified', () => {
  test('is no one where no address was given', () => {
    for (const one of alarmsOf(template)) expect([one.AlarmActions, one.OKActions]).toEqual([undefined, undefined]);
    template.resourceCountIs('AWS::SNS::Topic', 0);
  });

  test('is a topic, of the beginning and of the end', () => {
    const holder = new ProviderHealthStack(newApp(), 'Holder', { providers: [] });
    const arn = 'arn:aws:sns:eu-central-1:111122223333:on-call';
    const alarmTopic = Topic.fromTopicArn(holder, 'OnCall', arn);
    const alarms = alarmsOf(synthesize({ alarmTopic }));
    expect(alarms).toHaveLength(9);
    for (const one of alarms) expect([one.AlarmActions, one.OKActions]).toEqual([[arn], [arn]]);
  });

  test('is by how much it matters: a topic for what cannot wait, another for what can', () => {
    const holder = new ProviderHealthStack(newApp(), 'Holder', { providers: [] });
    const topicOf = (name: string) => Topic.fromTopicArn(holder, name, `arn:aws:sns:eu-central-1:111122223333:${name}`);
    const alarmTopics = { critical: topicOf('page'), warning: topicOf('mail') };
    const split = alarmsOf(synthesize({ alarmTopics }));
    const notifying = (topic: string) =>
      split
        .filter(({ AlarmActions }) => JSON.stringify(AlarmActions).includes(`:${topic}"`))
        .map(({ AlarmDescription }) => /#([a-z-]+)/.exec(AlarmDescription)?.[1])
        .sort();
    expect(notifying('page')).toEqual(['alert-dead-letters', 'lost-alerts', 'monitor-fault', 'no-tick']);
    expect(notifying('mail')).toEqual(['api-errors', 'late-alerts', 'lost-results', 'lost-ticks', 'ticks-fail']);
  });

  test('is an address, by a topic that the alarms of this account may publish to, encrypted on its way', () => {
    const notifying = synthesize({ alarmEmail: 'on-call@example.com' });
    const topicId = resourceIn(notifying, 'AWS::SNS::Topic', 'AlarmEmail').id;
    for (const one of alarmsOf(notifying)) expect(one.AlarmActions).toEqual([{ Ref: topicId }]);
    notifying.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.com' });
    notifying.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  test('is refused when it is no address', () => {
    expect(() => newStack({ alarmEmail: 'on-call' })).toThrow('alarmEmail: expected an e-mail address');
  });
});

test('a list of providers that is wrong has an alarm, where there is a list', () => {
  const listed = synthesize({ providerList: 's3://my-bucket/providers.json' });
  expect(alarm('ProviderList', listed)).toMatchObject({
    MetricName: REFUSED_LISTS_METRIC,
    EvaluationPeriods: 1,
    Threshold: 1,
    TreatMissingData: 'notBreaching',
    AlarmDescription: expect.stringContaining('#provider-list\n'),
  });
});

test('every alarm leads to a section of the runbook', () => {
  const runbook = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
  const anchors = [...runbook.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => text.toLowerCase().replaceAll(' ', '-'));
  for (const { AlarmDescription } of alarmsOf(synthesize({ providerList: 'ssm:/list' }))) {
    expect(anchors).toContain(/docs\/runbook\.md#([a-z-]+)/.exec(AlarmDescription)?.[1]);
  }
});

test('a runbook of your own is what the alarms link to', () => {
  const own = alarmsOf(synthesize({ runbookUrl: 'https://wiki.example.com/monitor' }));
  expect(own.map(({ AlarmDescription }) => AlarmDescription).join()).toContain(
    'https://wiki.example.com/monitor#no-tick\n',
  );
});
