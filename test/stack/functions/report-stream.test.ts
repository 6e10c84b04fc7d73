import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { HealthTable } from '../../../lib/stack/health-table.ts';
import { TABLE_NAME_VARIABLE } from '../../../lib/store/env.ts';
import type { Item } from '../../../lib/store/items/kinds.ts';
import { reportItem } from '../../../lib/store/items/report-item.ts';
import { statusItem } from '../../../lib/store/items/status-item.ts';
import { START, unhealthyStatus } from '../../support/builders.ts';
import { passes, tableRecord } from '../../support/stream-records.ts';
import { newApp, resourceIn, statementsOf, synthesize, textOf } from '../synth.ts';

const template = synthesize();
const stream = resourceIn(template, 'AWS::Lambda::EventSourceMapping', 'Reports').properties;
const { Filters } = stream.FilterCriteria as { Filters: { Pattern: string }[] };
const patterns = Filters.map(({ Pattern }): unknown => JSON.parse(Pattern));

const report: Item = { ...reportItem('alpha', new Date(START)) };

describe('the stream of reports', () => {
  test("is the table's, to the check function, without repetition", () => {
    const checkId = resourceIn(template, 'AWS::Lambda::Function', 'Check').id;
    const tableId = resourceIn(template, 'AWS::DynamoDB::Table', 'Table').id;
    expect(stream).toMatchObject({
      FunctionName: { Ref: checkId },
      StartingPosition: 'LATEST',
      MaximumRetryAttempts: 0,
      MaximumRecordAgeInSeconds: 60,
    });
    expect(textOf(stream.EventSourceArn)).toBe(`${tableId}.StreamArn`);
  });

  test.each([
    ['a first report', report, null],
    ['a later one', report, report],
  ])('lets %s through', (_name, image, before) => {
    expect(passes(tableRecord(image, before), patterns)).toBe(true);
  });

  test.each([
    ['no report that has expired', null, report],
    ['no status', statusItem(unhealthyStatus(), 'transition', 'w'), null],
  ])('lets %s through', (_name, image, before) => {
    expect(passes(tableRecord(image, before), patterns)).toBe(false);
  });
});

test('K6: grantReport lets a function write reports, and nothing else of the table', () => {
  const stack = new Stack(newApp(), 'Test');
  const router = new LambdaFunction(stack, 'Router', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {}'),
  });
  new HealthTable(stack, 'Table').grantReport(router);
  const synthesized = Template.fromStack(stack);
  synthesized.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { [TABLE_NAME_VARIABLE]: { Ref: Match.stringLikeRegexp('^Table') } } },
  });
  expect(statementsOf(synthesized, 'Router')).toEqual([
    {
      Effect: 'Allow',
      Action: 'dynamodb:PutItem',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Table/), 'Arn'] },
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['REPORT'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ]);
});
