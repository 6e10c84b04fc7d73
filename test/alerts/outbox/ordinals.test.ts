import { expect, it } from 'vitest';
import { withOrdinals } from '../../../lib/alerts/outbox/ordinals.ts';
import type { State } from '../../../lib/health/transition.ts';
import { createMemoryStore } from '../../../lib/store/memory/store.ts';
import { minute } from '../../support/builders.ts';
import { alert } from '../samples.ts';

const DAY = 24 * 60;
const OUTAGES = [0, 100, DAY - 60, DAY + 100];

async function store() {
  const { transitions } = createMemoryStore({ now: () => new Date(minute(2 * DAY)) });
  const put = (at: number, from: State, to: State) => {
    const cause = { category: null, fault: null, errorMessage: null, lastedMs: 0 };
    return transitions.put({ id: `${minute(at)}#alpha`, provider: 'alpha', at: minute(at), from, to, ...cause });
  };
  for (const at of OUTAGES) {
    await put(at, 'healthy', 'unhealthy');
    await put(at + 5, 'unhealthy', 'healthy');
  }
  return { transitions };
}

const opened = (since: number) => alert({ provider: 'alpha', since: minute(since), at: minute(since + 2) });
const log = { warn: () => {} };

it('each of several alerts counts the whole day before its own incident', async () => {
  const alerts = await withOrdinals(await store(), [opened(DAY - 60), opened(DAY + 100)], log);
  expect(alerts.map(({ ordinal }) => ordinal)).toEqual([3, 2]);
});

it('an alert has no ordinal where no incident is on record', async () => {
  const alerts = await withOrdinals(await store(), [alert({ provider: 'beta', since: minute(1), at: minute(2) })], log);
  expect(alerts.map(({ ordinal }) => ordinal)).toEqual([null]);
});
