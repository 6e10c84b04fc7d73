import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';
import { HealthTable } from '../../lib/stack/health-table.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import { newApp, statementsOf } from './synth.ts';

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
