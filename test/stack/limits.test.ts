/** The synthesis refuses what CloudFormation, IAM and Lambda would refuse at the deployment, and says what to do. */

import { CfnOutput } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import type { ProviderInput } from '../../lib/config/schema.ts';
import type { ProviderHealthOptions } from '../../lib/stack/options.ts';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import { newApp, newStack } from './synth.ts';

const keyed = (count: number): ProviderInput[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `provider-${index}`,
    type: 'openai-compatible',
    model: 'm',
    baseUrl: 'https://api.example.com/v1',
    apiKey: `ssm:/provider-health/provider-${index}`,
  }));

function stackOf(providers: ProviderInput[], options: ProviderHealthOptions & { alerts?: object } = {}) {
  const { alerts, ...others } = options;
  const config = { providers, ...(alerts && { alerts }) } as never;
  return new ProviderHealthStack(newApp(), 'ProviderHealth', { config, ...others });
}

describe('a stack', () => {
  test('with more than 500 resources does not synthesize', () => {
    const stack = newStack();
    for (let index = 0; index < 450; index += 1) new Queue(stack, `Queue${index}`);
    expect(() => Template.fromStack(stack)).toThrow(
      /expected at most 500 resources in a stack, got 5\d\d\. Give the monitor a stack of its own/,
    );
  });

  test('with more than 200 outputs does not synthesize', () => {
    const stack = newStack();
    for (let index = 0; index < 200; index += 1) new CfnOutput(stack, `Output${index}`, { value: 'x' });
    expect(() => Template.fromStack(stack)).toThrow(/expected at most 200 outputs in a stack, got 20\d/);
  });

  test('whose function needs more policies than a role may have does not synthesize', () => {
    const channels = Array.from({ length: 20 }, (_, index) => ({
      id: `channel-${index}`,
      type: 'slack',
      url: `ssm:/alerts/${'a'.repeat(200)}-${index}`,
    }));
    const models = Array.from(
      { length: 40 },
      (_, index): ProviderInput => ({
        id: `model-${index}`,
        type: 'bedrock',
        baseUrl: 'https://bedrock-runtime.eu-central-1.amazonaws.com',
        model: `vendor.model-${index}-v1:0`,
      }),
    );
    const stack = stackOf([...keyed(570), ...models], { alerts: { channels } });
    expect(() => Template.fromStack(stack)).toThrow(
      /expected at most 10 managed policies for the role HealthApiManage\w+, got 11\. Put keys under one path/,
    );
  });

  test('at the limit is one that CloudFormation accepts', () => {
    const environment = { EXTENSION_SETTING: 'x'.repeat(3_500) };
    const template = Template.fromStack(
      stackOf(keyed(60), { shards: 20, environment, metricsPerProvider: true }),
    ).toJSON();
    // Half of the most shards, so half of what may be.
    expect(Object.keys(template.Resources).length).toBeLessThan(250);
    expect(JSON.stringify(template, null, 1).length).toBeLessThan(500_000);
  });
});

describe('props', () => {
  test.each<[ProviderHealthOptions, string]>([
    [
      { environment: { SETTING: 'x'.repeat(4000) } },
      "environment: expected at most 3584 bytes, since Lambda takes 4096 with the monitor's own, got 4007. Keep long values in Parameter Store",
    ],
    [{ environment: { AWS_REGION: 'eu-west-1' } }, 'environment.AWS_REGION: expected a name of letters'],
    [{ environment: { 'a-b': '1' } }, 'environment.a-b: expected a name of letters'],
    [{ memorySize: { check: 64 } }, 'memorySize.check: expected a whole number of MiB from 128 to 10240, got 64'],
    [{ runbookUrl: `https://wiki/${'x'.repeat(600)}` }, 'runbookUrl: expected an address of at most 500 characters'],
    [
      { runbookUrl: 'wiki' },
      'runbookUrl: expected an address of at most 500 characters that starts with https://, got "wiki"',
    ],
    [{ apiName: 'x'.repeat(129) }, 'apiName: expected 1 to 128 characters, got 129'],
  ])('that Lambda or CloudFormation would refuse stop the synthesis: %#', (options, message) => {
    expect(() => newStack(options)).toThrow(message);
  });
});
