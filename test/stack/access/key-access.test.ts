/** Fills the policies of a role with keys, up to the limit and beyond. */

import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { ProviderHealthOptions } from '../../../lib/stack/options.ts';
import { ProviderHealthStack } from '../../../lib/stack/provider-health-stack.ts';
import { newApp, resourceIn, type Statement, textOf } from '../synth.ts';

const INLINE = 10_240;
const MANAGED = 6_144;
const POLICIES_OF_A_ROLE = 10;

const keysOf = (count: number, name = (index: number) => `ssm:/provider-health/provider-${index}`) =>
  Array.from({ length: count }, (_, index) => ({
    id: `provider-${index}`,
    type: 'openai-compatible' as const,
    model: 'm',
    baseUrl: 'https://api.example.com/v1',
    apiKey: name(index),
  }));

function synthesize(providers: ReturnType<typeof keysOf>, options: ProviderHealthOptions = {}): Template {
  return Template.fromStack(new ProviderHealthStack(newApp(), 'ProviderHealth', { providers, ...options }));
}

/** As long as it is after CloudFormation has filled in the longest names. */
function lengthOf(document: unknown): number {
  return JSON.stringify(document, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && Object.keys(value)[0]?.match(/^(Ref|Fn::)/)
      ? textOf(value)
          .replaceAll('AWS::Partition', 'aws-us-gov')
          .replaceAll('AWS::Region', 'ap-southeast-2')
          .replaceAll('AWS::AccountId', '111122223333')
      : value,
  ).length;
}

interface PolicyProperties {
  PolicyDocument: { Statement: Statement[] };
  Roles: { Ref: string }[];
}

function policiesOf(template: Template, type: 'Policy' | 'ManagedPolicy'): PolicyProperties[] {
  return Object.values(template.findResources(`AWS::IAM::${type}`)).map(
    ({ Properties }) => Properties as PolicyProperties,
  );
}

/** The rights of a function's role, in its own policies and in managed ones. */
function statementsOfRole(template: Template, rolePart: string): Statement[] {
  const role = resourceIn(template, 'AWS::IAM::Role', rolePart).id;
  return [...policiesOf(template, 'Policy'), ...policiesOf(template, 'ManagedPolicy')]
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Every parameter that a function may read. */
function readableBy(template: Template, rolePart: string): string[] {
  return statementsOfRole(template, rolePart)
    .filter(({ Action }) => [Action].flat().includes('ssm:GetParameter'))
    .flatMap(({ Resource }) => [Resource].flat())
    .map((arn) => textOf(arn).replace(/^.*:parameter/, ''));
}

describe.each([10, 70, 600])('%i providers with a key each', (count) => {
  const template = synthesize(keysOf(count));

  test('have policies that IAM accepts', () => {
    for (const { PolicyDocument } of policiesOf(template, 'Policy')) {
      expect(lengthOf(PolicyDocument)).toBeLessThanOrEqual(INLINE);
    }
    const managed = policiesOf(template, 'ManagedPolicy');
    for (const { PolicyDocument } of managed) expect(lengthOf(PolicyDocument)).toBeLessThanOrEqual(MANAGED);
    expect(managed.length).toBeLessThan(POLICIES_OF_A_ROLE);
  });

  test.each(['CheckHandlerRole', 'ApiManage'])('may all be read by %s, and nothing else', (name) => {
    expect(readableBy(template, name).sort()).toEqual(
      keysOf(count)
        .map(({ apiKey }) => apiKey.slice('ssm:'.length))
        .sort(),
    );
  });

  test('cannot be read by the function that answers reads', () => {
    expect(readableBy(template, 'ApiRead')).toEqual([]);
  });
});

describe('keys under a path', () => {
  test('need one line, beside those of keys elsewhere', () => {
    const providers = [
      ...keysOf(900),
      ...keysOf(1, () => 'ssm:/elsewhere/key').map((one) => ({ ...one, id: 'other' })),
    ];
    const template = synthesize(providers, { keyPrefixes: ['ssm:/provider-health/*'] });
    expect(readableBy(template, 'CheckHandlerRole').sort()).toEqual(['/elsewhere/key', '/provider-health/*']);
  });

  test('may be secrets', () => {
    const providers = keysOf(900, (index) => `secret:provider-health/${index}#key`);
    const template = synthesize(providers, { keyPrefixes: ['secret:provider-health/*'] });
    expect(readableBy(template, 'CheckHandlerRole')).toEqual(['/aws/reference/secretsmanager/provider-health/*']);
    const secrets = statementsOfRole(template, 'CheckHandlerRole').find(
      ({ Action }) => Action === 'secretsmanager:GetSecretValue',
    );
    expect(textOf(secrets?.Resource)).toMatch(/:secret:provider-health\/\*$/);
  });

  test.each([
    'ssm:/*',
    'ssm:/provider-health',
    'ssm:provider-health/*',
    'secret:*',
    'env:*',
    '/provider-health/*',
    'ssm:/a*/*',
  ])('%s is refused', (prefix) => {
    expect(() => synthesize(keysOf(1), { keyPrefixes: [prefix] })).toThrow(
      `keyPrefixes[0]: expected a path and a star, such as "ssm:/provider-health/*" or "secret:provider-health/*", got "${prefix}"`,
    );
  });
});

test('more keys than a role can name stop the synthesis, and say what to do', () => {
  expect(() => synthesize(keysOf(1000))).toThrow(
    /keyPrefixes: expected keys that fit into the 9 policies of a role, got 1000 keys, which take \d+\. Put them under one path/,
  );
});
