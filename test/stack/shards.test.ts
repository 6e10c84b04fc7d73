import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { ProviderHealthOptions } from '../../lib/stack/options.ts';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import { newApp, textOf } from './synth.ts';

function stackOf(providers: number, options: ProviderHealthOptions = {}): Template {
  const declared = Array.from({ length: providers }, (_, i) => ({
    id: `p${i}`,
    type: 'openai' as const,
    apiKey: 'ssm:/key',
  }));
  return Template.fromStack(new ProviderHealthStack(newApp(), 'ProviderHealth', { providers: declared, ...options }));
}

function checkFunctions(template: Template) {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
  return functions.filter(([, { Properties }]) => String(Properties.Description).startsWith('Probes every due'));
}

function targets(template: Template) {
  return Object.values(template.findResources('AWS::Events::Rule')).flatMap(({ Properties }) => Properties.Targets);
}

describe('with 600 providers', () => {
  const template = stackOf(600);
  const functions = checkFunctions(template);

  test('there are three check functions, each with the table, the keys and a schedule input of its own', () => {
    expect(functions).toHaveLength(3);
    const inputs = new Map(
      targets(template).map(({ Arn, InputTransformer }) => [textOf(Arn), InputTransformer.InputTemplate]),
    );
    for (const [shard, [id, { Properties }]] of functions.entries()) {
      expect(inputs.get(`${id}.Arn`)).toBe(`{"time":<time>,"shard":${shard},"shards":3}`);
      expect(Properties.Environment.Variables).toHaveProperty('PROVIDER_HEALTH_TABLE_NAME');
      const policies = Object.values(template.findResources('AWS::IAM::Policy'));
      const roleId = Properties.Role['Fn::GetAtt'][0];
      const own = policies.filter((policy) =>
        policy.Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === roleId),
      );
      const text = JSON.stringify(own);
      expect(text).toContain('dynamodb:BatchWriteItem');
      expect(text).toContain('ssm:GetParameter');
    }
  });

  test('an alarm names each shard whose ticks do not end', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    for (const shard of [0, 1, 2]) {
      const alarm = alarms.find(({ AlarmDescription }) =>
        AlarmDescription.startsWith(`No tick of shard ${shard} has ended`),
      );
      expect(alarm).toMatchObject({ TreatMissingData: 'breaching', Threshold: 1, EvaluationPeriods: 3 });
    }
  });

  test('an alarm names each shard whose ticks fail, and the dashboard shows each', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
    const body = textOf(dashboard?.Properties.DashboardBody);
    for (const [shard, [id]] of functions.entries()) {
      const alarm = alarms.find(({ AlarmDescription }) =>
        AlarmDescription.startsWith(`Ticks of shard ${shard} fail again and again`),
      );
      expect(alarm).toMatchObject({ MetricName: 'Errors', TreatMissingData: 'notBreaching' });
      expect(textOf(alarm?.Dimensions[0].Value)).toBe(id);
      // Errors and throttles of all, ended ticks (of two metrics) and the longest of each.
      expect(body.split(`"FunctionName","${id}"`).length - 1).toBe(5);
    }
    expect(body).toContain('"title":"Ticks that ended, by shard"');
  });

  test('only the first shard may read the address of heartbeatUrl', () => {
    const config = { providers: [], heartbeatUrl: 'ssm:/heartbeat' };
    const stack = new ProviderHealthStack(newApp(), 'ProviderHealth', { config, shards: 3 });
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    const roles = policies
      .filter((policy) => JSON.stringify(policy).includes('parameter/heartbeat'))
      .flatMap((policy) => policy.Properties.Roles.map(textOf));
    expect(roles).toEqual([expect.stringMatching(/^HealthCheckHandlerRole/)]);
  });
});

test.each([
  [0, undefined, [1769]],
  [25, undefined, [512]],
  [26, undefined, [1024]],
  [100, undefined, [1024]],
  [101, undefined, [1769]],
  [60, 3, [512, 512, 512]],
])(
  'the check functions of %i providers in %s shards have as much memory as each needs',
  (providers, shards, memory) => {
    const template = stackOf(providers, shards === undefined ? {} : { shards });
    expect(checkFunctions(template).map(([, { Properties }]) => Properties.MemorySize)).toEqual(memory);
  },
);

test('up to 250 providers there is one shard, and its events do not name it', () => {
  const template = stackOf(250);
  expect(checkFunctions(template)).toHaveLength(1);
  expect(targets(template).map(({ InputTransformer }) => InputTransformer)).toEqual([undefined]);
});

test('40 shards fit into one stack', () => {
  const template = stackOf(1, { shards: 40 });
  expect(checkFunctions(template).length).toBe(40);
  expect(Object.keys(template.toJSON().Resources).length).toBeLessThan(500);
});

describe('what cannot be served is refused with what to do', () => {
  test.each([
    [
      600,
      { shards: 1 },
      'shards: expected at least 3, got 1 for 600 providers: one shard would have more than the 310',
    ],
    [10, { shards: 0 }, 'shards: expected a whole number from 1 to 40, got 0.'],
    [10, { shards: 41 }, 'shards: expected a whole number from 1 to 40, got 41.'],
    [10, { shards: 1.5 }, 'shards: expected a whole number from 1 to 40, got 1.5.'],
    [10, { shards: 20, tickSeconds: 10 }, 'tickSeconds: expected 60 with 20 shards, or at most 10 shards with 10'],
  ] as const)('%i providers and %o', (providers, options, message) => {
    expect(() => stackOf(providers, options)).toThrow(message);
  });
});
