/** Checks which models of Bedrock the functions may invoke. */

import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { ProviderInput } from '../../../lib/config/schema.ts';
import { ProviderHealthStack } from '../../../lib/stack/provider-health-stack.ts';
import { newApp, type Statement, statementsOf, textOf } from '../synth.ts';

const FRANKFURT = 'https://bedrock-runtime.eu-central-1.amazonaws.com';
const INVOKE = 'bedrock:InvokeModel';
const STREAM = 'bedrock:InvokeModelWithResponseStream';
const LIST = { actions: ['bedrock:ListFoundationModels'], resources: ['*'], through: undefined };

function synthesize(...providers: Partial<ProviderInput>[]): Template {
  const complete = providers.map((provider, index) => ({
    id: `bedrock-${index}`,
    type: 'bedrock' as const,
    baseUrl: FRANKFURT,
    ...provider,
  }));
  return Template.fromStack(new ProviderHealthStack(newApp(), 'ProviderHealth', { providers: complete }));
}

function allowed(statements: readonly Statement[]) {
  return statements
    .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('bedrock:')))
    .map(({ Action, Resource, Condition }) => ({
      actions: [Action].flat(),
      resources: [Resource].flat().map(textOf),
      through: Condition && textOf((Condition as Conditions).StringEquals['bedrock:InferenceProfileArn']),
    }));
}

interface Conditions {
  StringEquals: Record<string, unknown>;
}

const byCheck = (...providers: Partial<ProviderInput>[]) => allowed(statementsOf(synthesize(...providers), 'Check'));
const NOVA = 'arn:AWS::Partition:bedrock:eu-central-1::foundation-model/amazon.nova-micro-v1:0';

describe('a provider of Bedrock without a key', () => {
  test('may ask its model in the region of its host, and list models', () => {
    expect(byCheck({})).toEqual([{ actions: [INVOKE], resources: [NOVA], through: undefined }, LIST]);
  });

  test('may ask it for streams where it is probed so, and then for nothing else', () => {
    expect(byCheck({ probe: 'stream' })).toEqual([{ actions: [STREAM], resources: [NOVA], through: undefined }, LIST]);
  });

  test('may list models alone where that is its probe', () => {
    expect(byCheck({ probe: 'models' })).toEqual([LIST]);
  });

  test('may use an inference profile, and its model in every region through that profile alone', () => {
    const profile =
      'arn:AWS::Partition:bedrock:eu-central-1:AWS::AccountId:inference-profile/eu.amazon.nova-micro-v1:0';
    const model = 'arn:AWS::Partition:bedrock:*::foundation-model/amazon.nova-micro-v1:0';
    expect(byCheck({ model: 'eu.amazon.nova-micro-v1:0' })).toEqual([
      { actions: [INVOKE], resources: [profile], through: undefined },
      { actions: [INVOKE], resources: [model], through: profile },
      LIST,
    ]);
  });

  test('may use a global profile, whose model has no region either', () => {
    const [, through] = byCheck({ model: 'global.anthropic.claude-haiku-5-5-v1:0' });
    expect(through?.resources).toEqual([
      'arn:AWS::Partition:bedrock:*::foundation-model/anthropic.claude-haiku-5-5-v1:0',
      'arn:AWS::Partition:bedrock:::foundation-model/anthropic.claude-haiku-5-5-v1:0',
    ]);
  });

  test('may use a profile of the account, through which it reaches the model of that profile', () => {
    const model = 'arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/a1b2c3';
    expect(byCheck({ model })).toEqual([
      { actions: [INVOKE], resources: [model], through: undefined },
      { actions: [INVOKE], resources: ['arn:AWS::Partition:bedrock:*::foundation-model/*'], through: model },
      LIST,
    ]);
  });

  test('may use what else an ARN names, and that alone', () => {
    const model = 'arn:aws:bedrock:eu-central-1:111122223333:provisioned-model/a1b2c3';
    expect(byCheck({ model })).toEqual([{ actions: [INVOKE], resources: [model], through: undefined }, LIST]);
  });

  test('has its rights in the function of manual checks too, and in no other', () => {
    const template = synthesize({});
    expect(allowed(statementsOf(template, 'ApiManage'))).toHaveLength(2);
    for (const name of ['ApiRead', 'Alerts']) expect(allowed(statementsOf(template, name))).toEqual([]);
  });
});

test('a provider of Bedrock with a key needs no right', () => {
  expect(byCheck({ apiKey: 'ssm:/bedrock' })).toEqual([]);
});

test('profiles share the statement on what is behind them', () => {
  const statements = byCheck({ model: 'eu.amazon.nova-micro-v1:0' }, { model: 'eu.amazon.nova-pro-v1:0' });
  expect(statements.map(({ resources }) => resources.length)).toEqual([2, 2, 1]);
  expect(statements[1]?.through).toMatch(
    /inference-profile\/eu\.amazon\.nova-micro-v1:0,.*\/eu\.amazon\.nova-pro-v1:0$/,
  );
});

test.each([
  [60, ''],
  [19, 'eu.'],
])('%i models %s fit into one policy that IAM takes', (count, prefix) => {
  const models = Array.from({ length: count }, (_, index) => ({ model: `${prefix}amazon.nova-pro-${index}-v1:0` }));
  const [policy] = Object.values(synthesize(...models).findResources('AWS::IAM::ManagedPolicy'));
  const text = JSON.stringify(policy?.Properties.PolicyDocument, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'Fn::Join' in value ? textOf(value) : value,
  );
  expect(text.length).toBeLessThan(6_144);
});

test('models are named once, and many of them in a policy of their own that IAM takes', () => {
  const one = { model: 'amazon.nova-pro-v1:0' };
  expect(byCheck({}, one, {})[0]?.resources).toEqual([NOVA, NOVA.replace('micro', 'pro')]);

  const many = synthesize(...Array.from({ length: 40 }, (_, index) => ({ model: `amazon.nova-${index}-v1:0` })));
  const [policy, ...others] = Object.values(many.findResources('AWS::IAM::ManagedPolicy'));
  expect(others).toEqual([]);
  expect(JSON.stringify(policy?.Properties.PolicyDocument).match(/nova-\d+-v1/g)).toHaveLength(40);
  expect(policy?.Properties.Roles).toHaveLength(2);
  expect(allowed(statementsOf(many, 'Check'))).toEqual([]);
});

test('more models than a policy takes stop the synthesis, with what to do', () => {
  const models = Array.from({ length: 80 }, (_, index) => ({ model: `eu.amazon.nova-${index}-v1:0` }));
  expect(() => synthesize(...models)).toThrow(
    /providers: expected models of Bedrock that fit into one policy of 5950 characters, got 80 providers that take \d+/,
  );
});
