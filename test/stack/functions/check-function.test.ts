import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { TICK_SECONDS } from '../../../lib/stack/functions/check-function.ts';
import { resourceIn, synthesize, textOf } from '../synth.ts';

const RULE = 'AWS::Events::Rule';
const QUEUE = 'AWS::SQS::Queue';

interface Target {
  Arn: unknown;
  RetryPolicy: unknown;
  DeadLetterConfig: { Arn: unknown };
  InputTransformer?: { InputTemplate: string };
}

interface RuleProperties {
  ScheduleExpression: string;
  Targets: Target[];
}

const rulesOf = (template: Template) =>
  Object.values(template.findResources(RULE)).map(({ Properties }) => Properties as RuleProperties);

describe('with a tick a minute', () => {
  const template = synthesize();
  const checkId = resourceIn(template, 'AWS::Lambda::Function', 'Check').id;
  const deadLettersId = resourceIn(template, QUEUE, 'CheckDeadLetters').id;

  test('one rule invokes the check function every minute', () => {
    const rules = rulesOf(template);
    expect(rules).toHaveLength(1);
    expect(rules[0]?.ScheduleExpression).toBe('rate(1 minute)');
    expect(rules[0]?.Targets.map(({ Arn }) => textOf(Arn))).toEqual([`${checkId}.Arn`]);
  });

  test('an event that cannot be delivered is not tried again, is given up after 60 s, and ends in the dead-letter queue', () => {
    for (const target of rulesOf(template).flatMap(({ Targets }) => Targets)) {
      expect(target.RetryPolicy).toEqual({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
      expect(textOf(target.DeadLetterConfig.Arn)).toBe(`${deadLettersId}.Arn`);
    }
  });

  test('a tick that the function fails at is not tried again either, and ends in the same queue', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: checkId },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [deadLettersId, 'Arn'] } } },
    });
  });

  test('the check function runs on Node 24 and ARM', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Probes every due provider and records the results',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Environment: {
        Variables: Match.objectLike({ UV_THREADPOOL_SIZE: '64', NODE_OPTIONS: '--max-semi-space-size=25' }),
      },
      Timeout: 60,
    });
  });
});

describe.each(TICK_SECONDS.filter((seconds) => seconds < 60))('with a tick every %i s', (tickSeconds) => {
  const template = synthesize({ tickSeconds });
  const delays = Array.from({ length: 60 / tickSeconds - 1 }, (_, index) => (index + 1) * tickSeconds);

  test('each tick between two minutes waits in a queue of its own delay, and carries the minute and the delay', () => {
    const targets = rulesOf(template).flatMap(({ Targets }) => Targets);
    expect(targets).toHaveLength(60 / tickSeconds);
    for (const delaySeconds of delays) {
      const { id, properties } = resourceIn(template, QUEUE, `Delay${delaySeconds}`);
      expect(properties.DelaySeconds).toBe(delaySeconds);
      const target = targets.find(({ Arn }) => textOf(Arn) === `${id}.Arn`);
      expect(target?.InputTransformer?.InputTemplate).toBe(`{"time":<time>,"delaySeconds":${delaySeconds}}`);
    }
  });

  test('a delayed tick invokes the check function once, and ends in the dead-letter queue when that fails', () => {
    const checkId = resourceIn(template, 'AWS::Lambda::Function', 'Check').id;
    template.resourcePropertiesCountIs(
      'AWS::Lambda::EventSourceMapping',
      { BatchSize: 1, FunctionName: { Ref: checkId } },
      delays.length,
    );
    for (const delaySeconds of delays) {
      const { properties } = resourceIn(template, QUEUE, `Delay${delaySeconds}`);
      expect(properties.RedrivePolicy).toMatchObject({ maxReceiveCount: 1 });
      // As long as the function may run: else the message would come back while it does.
      expect(properties.VisibilityTimeout).toBe(60);
      expect(properties.MessageRetentionPeriod).toBe(60 + delaySeconds);
    }
  });

  test('no rule has more targets than EventBridge takes, and several rules keep in step', () => {
    const rules = rulesOf(template);
    for (const { Targets } of rules) expect(Targets.length).toBeLessThanOrEqual(5);
    // Rates count from the making of their rule.
    if (rules.length > 1)
      expect(rules.map((rule) => rule.ScheduleExpression)).toEqual(rules.map(() => 'cron(* * * * ? *)'));
  });
});
