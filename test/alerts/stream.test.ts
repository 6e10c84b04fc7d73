import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/alerts/notice.ts';
import type { Outbox } from '../../lib/alerts/outbox/outbox.ts';
import { handleRecords, type StreamRecord } from '../../lib/alerts/stream.ts';
import { silentLog } from '../../lib/base/log.ts';
import { newRecord } from '../../lib/health/alerting/alert.ts';
import { alertItem } from '../../lib/store/items/alert-item.ts';
import { checkItem } from '../../lib/store/items/check-item.ts';
import type { Item } from '../../lib/store/items/kinds.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { claimedItem, finishedItem } from '../../lib/store/items/tick-item.ts';
import {
  failedCheck,
  goodCheck,
  healthyStatus,
  minute,
  START,
  statusAfter,
  unhealthyStatus,
} from '../support/builders.ts';

const heartbeat = {
  tick: minute(1),
  finishedAt: minute(1),
  due: 4,
  stored: 0,
  failed: 0,
  skipped: 4,
  monitorFault: true,
  faultSince: minute(1),
};
const claim = { shard: '0', tick: minute(2), owner: 'one', now: new Date(START), leaseMs: 1000 };

/** In the form of the stream: converted to DynamoDB's own form and back. */
function record(sequenceNumber: string, item: Item | null): StreamRecord {
  return { sequenceNumber, image: item && unmarshall(marshall({ ...item }, { removeUndefinedValues: true })) };
}

/** An outbox that keeps the notices that it gets, and fails at some of them. */
function outboxOf(fails: (notice: Notice) => boolean = () => false): Pick<Outbox, 'handle'> & { handed: Notice[] } {
  const handed: Notice[] = [];
  return {
    handed,
    async handle(notices) {
      handed.push(...notices);
      return new Set(notices.filter(fails));
    },
  };
}

describe('records of the stream', () => {
  it('become the notices that they carry, in order', async () => {
    const down = unhealthyStatus();
    const twice = statusAfter([failedCheck('timeout'), failedCheck('timeout', { timestamp: minute(1) })]);
    const outbox = outboxOf();
    const records = [
      record('1', statusItem(down, 'transition', 'w')),
      record('2', statusItem(twice, 'alert_due', 'w')),
      record('3', finishedItem({}, '0', heartbeat, 'monitor_fault')),
      record('4', alertItem(newRecord('gamma'), 'w', new Date(START), 'unsent')),
    ];
    expect(await handleRecords(outbox, records, silentLog)).toEqual({ batchItemFailures: [] });
    expect(outbox.handed).toEqual([
      { kind: 'transition', status: down },
      { kind: 'alert_due', status: twice },
      { kind: 'monitor_fault', heartbeat },
      { kind: 'unsent', subject: 'gamma' },
    ]);
  });

  it.each([
    ['a status without a notice', statusItem(healthyStatus(), null, 'w')],
    ['a finished tick', finishedItem({}, '0', { ...heartbeat, monitorFault: false }, null)],
    [
      'the claim of the tick after a monitor fault',
      claimedItem(finishedItem({}, '0', heartbeat, 'monitor_fault'), claim),
    ],
    ['a record of the alerts function itself', alertItem(newRecord('gamma'), 'w', new Date(START))],
    ['a check', checkItem(goodCheck())],
    ['an item that was deleted', null],
  ])('are ignored when they are of %s', async (_, item) => {
    const outbox = outboxOf();
    expect(await handleRecords(outbox, [record('1', item)], silentLog)).toEqual({ batchItemFailures: [] });
    expect(outbox.handed).toEqual([]);
  });

  it('that failed are tried again, and no others', async () => {
    const outbox = outboxOf((notice) => notice.kind === 'reminder_due');
    const records = [
      record('10', statusItem(unhealthyStatus(), 'transition', 'w')),
      record('11', statusItem(unhealthyStatus({ id: 'beta' }), 'reminder_due', 'w')),
    ];
    expect(await handleRecords(outbox, records, silentLog)).toEqual({ batchItemFailures: [{ itemIdentifier: '11' }] });
  });

  it('that cannot be understood are tried again, and do not affect others', async () => {
    const spoilt = { ...statusItem(unhealthyStatus({ id: 'beta' }), 'transition', 'w'), state: 'wobbly' };
    const outbox = outboxOf();
    const records = [record('20', spoilt), record('21', statusItem(unhealthyStatus(), 'transition', 'w'))];
    expect(await handleRecords(outbox, records, silentLog)).toEqual({ batchItemFailures: [{ itemIdentifier: '20' }] });
    expect(outbox.handed).toHaveLength(1);
  });
});
