import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from '../../lib/local/data/folder.ts';
import { startEmbeddedTable } from '../../lib/local/table/embedded.ts';
import { checkGroups } from '../../lib/store/check-groups.ts';
import { createDynamoStore } from '../../lib/store/dynamo/store.ts';
import { failedCheck, goodCheck, healthyStatus } from '../support/builders.ts';
import { runCommandLine } from '../support/command-line.ts';
import { startTable, type TestTable } from '../support/table.ts';

let parent: string;
let folder: string;
let elsewhere: TestTable;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'provider-health-copy-'));
  folder = join(parent, 'data');
  elsewhere = await startTable('deployed');
});
afterEach(async () => {
  await elsewhere.close();
  await rm(parent, { recursive: true });
});

const run = (...args: string[]) => runCommandLine(['copy-history', ...args]);

const openFolder = async () =>
  startEmbeddedTable('provider-health', await openDataFolder({ folder, now: () => new Date(), warn: () => {} }));

test('copy-history copies the history and overwrites nothing; statuses are not copied', async () => {
  const local = await openFolder();
  const store = createDynamoStore({ client: local.client, tableName: local.tableName });
  const at = (n: number) => new Date(Date.now() - n * 60_000).toISOString();
  const checks = Array.from({ length: 60 }, (_, n) => failedCheck('timeout', { timestamp: at(n) }));
  const old = failedCheck('timeout', { timestamp: at(60 * 24 * 8) });
  await store.checks.put([...checks, old]);
  await store.statuses.put(healthyStatus(), null, null);
  await local.close();

  const deployed = createDynamoStore({ client: elsewhere.client, tableName: 'deployed' });
  await deployed.checks.put([failedCheck('timeout', { timestamp: at(1e6), errorMessage: 'its own' })]);
  await deployed.checks.put([{ ...(checks[3] ?? old), errorMessage: 'its own' }]);

  const args = ['--data', folder, '--to', 'deployed', '--endpoint', elsewhere.endpoint];
  expect(await run(...args)).toMatchObject({
    status: 0,
    stdout: 'Copied 59 items to deployed; 1 were there already.\n',
  });
  const { items: copied } = await deployed.checks.page(old.provider, {
    from: at(60 * 24 * 300),
    to: at(-1),
    limit: 100,
  });
  expect(copied.map(({ timestamp }) => timestamp)).toEqual(checks.map(({ timestamp }) => timestamp));
  expect(copied.find(({ timestamp }) => timestamp === checks[3]?.timestamp)?.errorMessage).toBe('its own');
  expect((await deployed.statuses.list()).statuses).toEqual([]);
  expect((await run(...args)).stdout).toBe('Copied 0 items to deployed; 60 were there already.\n');
});

test('copy-history copies packed checks, and which alerts were sent', async () => {
  const local = await openFolder();
  const store = createDynamoStore({ client: local.client, tableName: local.tableName });
  const ids = ['alpha', 'beta', 'gamma'];
  const timestamp = new Date(Date.now() - 60_000).toISOString();
  const groups = checkGroups(ids.map((id) => ({ id, model: 'test-model', intervalSeconds: 60 })));
  await store.checks.put(
    ids.map((provider) => goodCheck({ provider, timestamp })),
    groups,
  );
  const sent = { subject: 'beta', alertAt: timestamp, at: timestamp, phase: 'opened', problem: 'outage' } as const;
  await store.alerts.announce({ ...sent, channel: 'team', outcome: 'delivered' });
  await local.close();

  await run('--data', folder, '--to', 'deployed', '--endpoint', elsewhere.endpoint);
  const deployed = createDynamoStore({ client: elsewhere.client, tableName: 'deployed' });
  const range = { from: timestamp, to: timestamp };
  for (const id of ids) {
    const { items } = await deployed.checks.page(id, { ...range, limit: 10 });
    expect(items.map(({ provider }) => provider)).toEqual([id]);
  }
  expect(await deployed.alerts.announced('beta', range)).toMatchObject([{ channel: 'team' }]);
});

test('copy-history says what is wrong, and exits with 2 or 1', async () => {
  expect(await run('--bogus')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/--bogus.*\n--data: .*\n--to: /),
  });
  expect(await run('--data', folder, '--to', 'x')).toMatchObject({
    status: 2,
    stderr: `--data: there is no folder ${folder}\n`,
  });
  const busy = await openFolder();
  const args = ['--data', folder, '--endpoint', elsewhere.endpoint];
  expect((await run(...args, '--to', 'deployed')).stderr).toContain('in use by another monitor');
  await busy.close();
  const missing = await run(...args, '--to', 'missing');
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringMatching(/missing at .*Deploy the stack/) });
});
