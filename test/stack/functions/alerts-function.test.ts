import { describe, expect, test } from 'vitest';
import { MONITOR_NOTICE_KINDS, NOTICE_KINDS } from '../../../lib/health/alerting/notice.ts';
import { alertItem, claimedDeliveryItem, settledDeliveryItem } from '../../../lib/store/items/alert-item.ts';
import { checkItem } from '../../../lib/store/items/check-item.ts';
import type { Item } from '../../../lib/store/items/kinds.ts';
import { registrationItem } from '../../../lib/store/items/registration-item.ts';
import { statusItem } from '../../../lib/store/items/status-item.ts';
import { claimedItem, finishedItem } from '../../../lib/store/items/tick-item.ts';
import { transitionItem } from '../../../lib/store/items/transition-item.ts';
import type { Heartbeat } from '../../../lib/store/store.ts';
import { blacklistedStatus, goodCheck, healthyStatus, minute, START, unhealthyStatus } from '../../support/builders.ts';
import { passes, tableRecord } from '../../support/stream-records.ts';
import { resourceIn, synthesize, textOf } from '../synth.ts';

const template = synthesize();
const stream = resourceIn(template, 'AWS::Lambda::EventSourceMapping', 'AlertsStream').properties;
const { Filters } = stream.FilterCriteria as { Filters: { Pattern: string }[] };
const patterns = Filters.map(({ Pattern }): unknown => JSON.parse(Pattern));

const heartbeat: Heartbeat = {
  tick: START,
  finishedAt: minute(1),
  due: 4,
  stored: 4,
  failed: 0,
  skipped: 0,
  monitorFault: false,
};
const claim = { shard: '0', tick: minute(1), owner: 'one', now: new Date(START), leaseMs: 60_000 };
const delivery = { alert: `${START}#alpha/opened`, channel: 'slack' };

function lastTransition() {
  const { lastTransition } = unhealthyStatus();
  if (lastTransition === null) throw new Error('expected a transition');
  return lastTransition;
}

describe('the filter of the stream', () => {
  test.each(NOTICE_KINDS)('lets the write of a status through that carries the notice %s', (kind) => {
    expect(passes(tableRecord(statusItem(unhealthyStatus(), kind, 'w')), patterns)).toBe(true);
    const before = statusItem(healthyStatus(), null, 'v');
    expect(passes(tableRecord(statusItem(unhealthyStatus(), kind, 'w'), before), patterns)).toBe(true);
  });

  test.each(MONITOR_NOTICE_KINDS)('lets the heartbeat of a tick through that carries the notice %s', (kind) => {
    const claimed = claimedItem({}, claim);
    expect(passes(tableRecord(finishedItem(claimed, '0', heartbeat, kind), claimed), patterns)).toBe(true);
  });

  const finished = finishedItem({}, '0', heartbeat, null);
  const transitioned = statusItem(unhealthyStatus(), 'transition', 'w');
  test.each<[string, Item | null, Item | null]>([
    ['a status whose check changed nothing', statusItem(blacklistedStatus(), null, 'w'), transitioned],
    ['a first status', statusItem(healthyStatus(), null, 'w'), null],
    ['a status that was deleted', null, transitioned],
    ['a finished tick', finished, claimedItem({}, claim)],
    [
      'a claimed tick after a faulty one',
      claimedItem(finishedItem({}, '0', heartbeat, 'monitor_fault'), claim),
      finished,
    ],
    ['a check', checkItem(goodCheck()), null],
    ['a transition', transitionItem(lastTransition(), 'w'), null],
    ['a registration', registrationItem({ provider: 'alpha', input: { notice: 'x' }, registeredAt: START }), null],
    [
      'a record of alerts',
      alertItem(
        { subject: 'alpha', version: 1, asOf: START, open: null, quiet: true, unsent: [] },
        'w',
        new Date(START),
      ),
      null,
    ],
    [
      'a claimed delivery',
      claimedDeliveryItem({ ...delivery, holder: 'w', now: new Date(START), leaseMs: 1000 }),
      null,
    ],
    ['a settled delivery', settledDeliveryItem(delivery, 'delivered', new Date(START)), null],
  ])('passes no %s', (_name, image, before) => {
    expect(passes(tableRecord(image, before), patterns)).toBe(false);
  });
});

describe('the stream', () => {
  const alertsId = resourceIn(template, 'AWS::Lambda::Function', 'Alerts').id;
  const deadLettersId = resourceIn(template, 'AWS::SQS::Queue', 'AlertsDeadLetters').id;

  test("is the table's, from its beginning, to the alerts function", () => {
    const tableId = resourceIn(template, 'AWS::DynamoDB::Table', 'Table').id;
    expect(stream).toMatchObject({ FunctionName: { Ref: alertsId }, StartingPosition: 'TRIM_HORIZON' });
    expect(textOf(stream.EventSourceArn)).toBe(`${tableId}.StreamArn`);
  });

  test('gathers the changes of a tick, one batch after the other', () => {
    expect(stream).toMatchObject({ BatchSize: 100, MaximumBatchingWindowInSeconds: 5 });
    expect(stream).not.toHaveProperty('ParallelizationFactor');
  });

  test('delivers a failed record again, apart from the others, and gives it up after an hour', () => {
    expect(stream).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 3600,
    });
    expect(stream.DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': [deadLettersId, 'Arn'] } },
    });
  });

  test('is read only when the function may read it', () => {
    const [, mapping] = Object.entries(template.findResources('AWS::Lambda::EventSourceMapping')).find(([id]) =>
      id.includes('AlertsStream'),
    ) ?? ['', {}];
    expect(mapping.DependsOn).toEqual([expect.stringMatching(/^HealthAlertsHandlerRoleDefaultPolicy/)]);
  });
});
