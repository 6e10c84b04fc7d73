import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { HealthTable } from '../../lib/stack/health-table.ts';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import { newApp, newStack, statementsOf, synthesize } from './synth.ts';

const TABLE = 'AWS::DynamoDB::Table';

test('the table is on demand, keyed by pk and sk, and lets items expire at expiresAt', () => {
  const stack = new Stack(newApp(), 'Test');
  new HealthTable(stack, 'Table');
  Template.fromStack(stack).hasResourceProperties(TABLE, {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

test('the table outlives its stack and cannot be deleted by hand, unless it is asked to go with the stack', () => {
  const stack = new Stack(newApp(), 'Test');
  new HealthTable(stack, 'Kept');
  new HealthTable(stack, 'Gone', { removalPolicy: RemovalPolicy.DESTROY });
  const template = Template.fromStack(stack);
  template.hasResource(TABLE, {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { DeletionProtectionEnabled: true },
  });
  template.hasResource(TABLE, { DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } });
});

test('grantRead gives a function the permission to read statuses, and the variable that names the table', () => {
  const stack = new Stack(newApp(), 'Test');
  const router = new LambdaFunction(stack, 'Router', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
  });
  new HealthTable(stack, 'Table').grantRead(router);
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { [TABLE_NAME_VARIABLE]: { Ref: Match.stringLikeRegexp('^Table') } } },
  });
  expect(statementsOf(template, 'Router')).toEqual([
    {
      Effect: 'Allow',
      Action: ['dynamodb:GetItem', 'dynamodb:Query'],
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Table/), 'Arn'] },
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['STATUS'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ]);
});

describe('a table that exists', () => {
  const TABLE_ARN = 'arn:aws:dynamodb:eu-central-1:111122223333:table/ProviderHealth-HealthTable-1A2B3C';
  const tableStreamArn = `${TABLE_ARN}/stream/2026-01-01T00:00:00.000`;

  test('is named by its stream: no table is made, and the functions may use this one', () => {
    const template = synthesize({ tableStreamArn });
    template.resourceCountIs(TABLE, 0);
    const resources = statementsOf(template, 'Check').flatMap(({ Action, Resource }) =>
      [Action].flat().includes('dynamodb:UpdateItem') ? [Resource].flat() : [],
    );
    expect(resources).toEqual([TABLE_ARN]);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: tableStreamArn });
    template.hasOutput('TableName', { Value: 'ProviderHealth-HealthTable-1A2B3C' });
  });

  test('that is encrypted with a key of its own is used with that key', () => {
    const holder = new Stack(newApp(), 'Holder');
    const key = Key.fromKeyArn(holder, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/1234');
    const stack = new ProviderHealthStack(newApp(), 'Kept', { providers: [], tableStreamArn, tableEncryptionKey: key });
    const template = Template.fromStack(stack);
    for (const name of ['Check', 'ApiRead', 'ApiManage', 'Alerts']) {
      const decrypting = statementsOf(template, name).filter(({ Action }) => [Action].flat().includes('kms:Decrypt'));
      expect(
        decrypting.map(({ Resource }) => Resource),
        name,
      ).toEqual([key.keyArn]);
    }
  });

  test.each([
    [{ tableStreamArn: TABLE_ARN }, 'tableStreamArn: expected the ARN of the stream of a table'],
    [{ tableStreamArn: '' }, 'tableStreamArn: expected the ARN of the stream of a table'],
  ])('is refused when it is not named so: %j', (options, message) => {
    expect(() => newStack(options)).toThrow(message);
  });

  test('is named once', () => {
    const stack = new Stack(newApp(), 'Holder');
    const table = Table.fromTableAttributes(stack, 'Table', { tableArn: TABLE_ARN, tableStreamArn });
    expect(() => newStack({ table, tableStreamArn })).toThrow('tableStreamArn: expected the table once');
  });
});
