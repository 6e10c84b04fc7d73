/** Checks which list is in force after each refresh, in a table that several processes share. */

import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../lib/base/log.ts';
import { parseConfig } from '../../lib/config/parse.ts';
import { createConfigInForce } from '../../lib/lists/config-in-force.ts';
import type { Deployed } from '../../lib/lists/parse.ts';
import { ListUnreadableError } from '../../lib/lists/read.ts';
import { createRefresh } from '../../lib/lists/refresh.ts';
import { createListStore, fitsItem } from '../../lib/store/dynamo/lists.ts';
import { Table } from '../../lib/store/dynamo/table.ts';
import { listTextKey } from '../../lib/store/items/keys.ts';
import { seededBytes } from '../support/seeded.ts';
import { startTable, type TestTable } from '../support/table.ts';

const openai = (id: string) => ({ id, type: 'openai', apiKey: 'ssm:/health/openai' });
const CONFIG = { providers: [openai('deployed')] };
const PARSED = parseConfig(CONFIG, { addressPolicy: 'public' });
const DEPLOYED: Deployed = {
  config: CONFIG,
  parsed: PARSED,
  addressPolicy: 'public',
  shards: 1,
  keyPrefixes: [],
};
const listOf = (...ids: string[]) => JSON.stringify({ providers: ids.map(openai) });
const minute = (minutes: number) => new Date(Date.parse('2026-03-01T10:00:00Z') + minutes * 60_000);

let table: TestTable;
/** The content of the source; an error means that it cannot be read. */
let source: string | Error;
let troubles: number;
let logged: { message: string; fields: Record<string, unknown> }[];

beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());
beforeEach(async () => {
  await table.empty();
  source = new ListUnreadableError('it is not there');
  troubles = 0;
  logged = [];
});

const lists = () => createListStore(table.client, table.tableName);
const write = (message: string, fields: Record<string, unknown> = {}) => void logged.push({ message, fields });
const log: Log = { info: write, warn: write, error: write };

/** A process that reads the list, as after a cold start. */
function refreshOf(deployed = DEPLOYED, store = lists()) {
  let last: string | null = null;
  return createRefresh({
    reader: {
      async read() {
        if (source instanceof Error) throw source;
        if (source === last) return null;
        last = source;
        return source;
      },
      forget() {
        last = null;
      },
    },
    lists: store,
    deployed,
    fits: fitsItem,
    log,
    onTrouble: () => {
      troubles += 1;
    },
    now: () => minute(0),
  });
}

/** The configuration that a process which starts now uses. */
async function inForce(deployed = DEPLOYED): Promise<string[]> {
  const config = { ...PARSED, publicUrl: 'https://health.example.com' };
  const current = createConfigInForce({ lists: lists(), deployed, config, log, now: () => 0 });
  const { providers, publicUrl } = await current.get();
  expect(publicUrl).toBe('https://health.example.com');
  return providers.map(({ id }) => id);
}

describe('a list', () => {
  it('that was never there leaves the providers of the deployment', async () => {
    expect(await refreshOf().run(minute(0))).toBe(false);
    expect(await inForce()).toEqual(['deployed']);
  });

  it('that is good is in force in every process, and its text is kept once', async () => {
    const refresh = refreshOf();
    source = listOf('a', 'b');
    expect(await refresh.run(minute(0))).toBe(true);
    expect(await inForce()).toEqual(['a', 'b']);
    source = listOf('c');
    expect(await refresh.run(minute(1))).toBe(true);
    expect(await inForce()).toEqual(['c']);
    const { Items: items = [] } = await table.documents.send(new ScanCommand({ TableName: table.tableName }));
    expect(items.map(({ sk }) => String(sk).slice(0, 5)).sort()).toEqual(['ACCEP', 'TEXT#']);
    expect(troubles).toBe(0);
  });

  it('that comes back is in force again, also for a process that has not seen the other one', async () => {
    const [first, second] = [refreshOf(), refreshOf()];
    source = listOf('a');
    await first.run(minute(0));
    source = listOf('b');
    await second.run(minute(1));
    expect(await inForce()).toEqual(['b']);
    source = listOf('a');
    expect(await first.run(minute(2))).toBe(true);
    expect(await inForce()).toEqual(['a']);
    expect(await first.run(minute(3))).toBe(false);
  });

  it('whose text is lost is written again by the next process that reads it', async () => {
    source = listOf('a');
    await refreshOf().run(minute(0));
    // Two processes that at the same time accept each other's earlier list remove each other's text.
    const hash = (await lists().accepted())?.hash ?? '';
    await new Table(table.client, table.tableName).delete(listTextKey(hash));
    await expect(inForce()).rejects.toThrow('expected its text in the table, got none');
    expect(await refreshOf().run(minute(1))).toBe(true);
    expect(await inForce()).toEqual(['a']);
  });

  it('is read once a minute of the ticks', async () => {
    const refresh = refreshOf();
    source = listOf('a');
    await refresh.run(minute(0));
    source = listOf('b');
    expect(await refresh.run(minute(0.9))).toBe(false);
    expect(await refresh.run(minute(1))).toBe(true);
  });

  it('that is wrong leaves the last good one, also after a cold start, and is trouble until it is good', async () => {
    source = listOf('good');
    await refreshOf().run(minute(0));
    const refresh = refreshOf();
    source = '{"providers": [{"type": "opnai"}]}';
    expect(await refresh.run(minute(1))).toBe(false);
    expect(troubles).toBe(1);
    expect(await inForce()).toEqual(['good']);
    expect(logged.at(-1)).toMatchObject({
      message: 'provider list refused',
      fields: {
        mistakes: 1,
        issues: [{ path: 'providers[0].type', message: expect.stringContaining('Did you mean "openai"?') }],
        advice: 'The last good list stays in force. Correct the list.',
      },
    });
    await refresh.run(minute(2));
    expect(troubles).toBe(2);
    await refreshOf().run(minute(3));
    expect(troubles).toBe(3);
    expect(await inForce()).toEqual(['good']);
    source = listOf('good');
    await refresh.run(minute(4));
    await refresh.run(minute(5));
    expect(troubles).toBe(3);
    expect(await inForce()).toEqual(['good']);
  });

  it('that is too large for the table is refused', async () => {
    const withNoise = (length: number) => {
      const ids = Array.from({ length: 300 }, (_, index) => `p${index}`);
      return JSON.stringify({ providers: ids.map((id) => ({ ...openai(id), body: { metadata: noise(id, length) } })) });
    };
    expect(fitsItem(withNoise(300))).toBe(true);
    source = withNoise(3000);
    await refreshOf().run(minute(0));
    expect(logged.at(-1)?.fields.issues).toEqual([
      { path: '', message: 'expected a list that fits into one item of the table, got more.' },
    ]);
    expect(await inForce()).toEqual(['deployed']);
  });

  it('that cannot be read is trouble when that lasts, and changes nothing', async () => {
    source = listOf('good');
    const refresh = refreshOf();
    await refresh.run(minute(0));
    source = new ListUnreadableError('s3://b/k: S3 answered 500');
    for (let at = 1; at < 3; at += 1) await refresh.run(minute(at));
    expect(troubles).toBe(0);
    await refresh.run(minute(3));
    expect(troubles).toBe(1);
    expect(logged.at(-1)).toMatchObject({
      message: 'provider list not read',
      fields: { reason: 's3://b/k: S3 answered 500', failures: 3 },
    });
    expect(await inForce()).toEqual(['good']);
    source = listOf('good');
    await refresh.run(minute(4));
    await refresh.run(minute(5));
    expect(troubles).toBe(1);
  });

  it('that could not be written is written by the next refresh', async () => {
    let broken = true;
    const store = lists();
    const accept: typeof store.accept = async (...list) => {
      if (broken) throw new Error('throttled');
      await store.accept(...list);
    };
    const refresh = refreshOf(DEPLOYED, { ...store, accept });
    source = listOf('a');
    expect(await refresh.run(minute(0))).toBe(false);
    expect(logged.at(-1)).toMatchObject({ message: 'provider list not read', fields: { reason: 'throttled' } });
    broken = false;
    expect(await refresh.run(minute(1))).toBe(true);
    expect(await inForce()).toEqual(['a']);
  });

  it('that an earlier deployment accepted is not used by one that has no right to its keys, and is trouble', async () => {
    source = JSON.stringify({ providers: [{ ...openai('later'), apiKey: 'ssm:/folder/later' }] });
    await refreshOf({ ...DEPLOYED, keyPrefixes: ['ssm:/folder/*'] }).run(minute(0));
    expect(await inForce({ ...DEPLOYED, keyPrefixes: ['ssm:/folder/*'] })).toEqual(['later']);
    expect(await inForce()).toEqual(['deployed']);
    expect(logged.at(-1)).toMatchObject({ message: 'accepted provider list not used' });
    expect(troubles).toBe(0);
    await refreshOf().run(minute(1));
    expect(troubles).toBe(1);
  });
});

describe('a process', () => {
  const config = PARSED;

  it('asks for the list in force twice a minute, and gets the same object while it is the same', async () => {
    let now = 0;
    const current = createConfigInForce({ lists: lists(), deployed: DEPLOYED, config, log, now: () => now });
    source = listOf('a');
    await refreshOf().run(minute(0));
    const first = await current.get();
    expect(first.providers.map(({ id }) => id)).toEqual(['a']);
    source = listOf('b');
    await refreshOf().run(minute(0));
    now = 29_999;
    expect(await current.get()).toBe(first);
    now = 30_000;
    const second = await current.get();
    expect(second.providers.map(({ id }) => id)).toEqual(['b']);
    now = 60_000;
    expect(await current.get()).toBe(second);
  });

  it('goes on with what it has while the table does not answer', async () => {
    let now = 0;
    let broken = false;
    const store = lists();
    const accepted = async () => {
      if (broken) throw new Error('throttled');
      return store.accepted();
    };
    const current = createConfigInForce({
      lists: { ...store, accepted },
      deployed: DEPLOYED,
      config,
      log,
      now: () => now,
    });
    source = listOf('a');
    await refreshOf().run(minute(0));
    const first = await current.get();
    broken = true;
    now = 60_000;
    expect(await current.get()).toBe(first);
    expect(logged.at(-1)).toMatchObject({ message: 'accepted provider list not used', fields: { error: 'throttled' } });
    expect(current.isWhole()).toBe(false);
    broken = false;
    now = 120_000;
    expect(await current.get()).toBe(first);
    expect(current.isWhole()).toBe(true);
  });

  it('knows that it lacks providers while it cannot use the accepted list, and says once what is wrong with that', async () => {
    let now = 0;
    const current = createConfigInForce({ lists: lists(), deployed: DEPLOYED, config, log, now: () => now });
    await current.get();
    expect(current.isWhole()).toBe(true);
    source = JSON.stringify({ providers: [{ ...openai('later'), apiKey: 'ssm:/folder/later' }] });
    await refreshOf({ ...DEPLOYED, keyPrefixes: ['ssm:/folder/*'] }).run(minute(0));
    logged = [];
    for (now of [60_000, 120_000]) {
      expect(await current.get()).toBe(config);
      expect(current.isWhole()).toBe(false);
    }
    expect(logged.map(({ message }) => message)).toEqual(['accepted provider list not used']);
    source = listOf('a');
    await refreshOf().run(minute(1));
    now = 180_000;
    expect((await current.get()).providers.map(({ id }) => id)).toEqual(['a']);
    expect(current.isWhole()).toBe(true);
  });

  it('takes no other list for the one in force before it has known it', async () => {
    source = listOf('a');
    await refreshOf().run(minute(0));
    let broken = true;
    const store = lists();
    const accepted = async () => {
      if (broken) throw new Error('throttled');
      return store.accepted();
    };
    const current = createConfigInForce({
      lists: { ...store, accepted },
      deployed: DEPLOYED,
      config,
      log,
      now: () => 0,
    });
    await expect(current.get()).rejects.toThrow('throttled');
    broken = false;
    expect((await current.get()).providers.map(({ id }) => id)).toEqual(['a']);
  });

  it('finds the list that took the place of one while that was read', async () => {
    source = listOf('a');
    const refresh = refreshOf();
    await refresh.run(minute(0));
    const store = lists();
    let reads = 0;
    const textOf = async (hash: string) => {
      reads += 1;
      source = listOf('b');
      if (reads === 1) await refresh.run(minute(1));
      return store.textOf(hash);
    };
    const current = createConfigInForce({ lists: { ...store, textOf }, deployed: DEPLOYED, config, log, now: () => 0 });
    expect((await current.get()).providers.map(({ id }) => id)).toEqual(['b']);

    const lost = { ...store, textOf: async () => null };
    const without = createConfigInForce({ lists: lost, deployed: DEPLOYED, config, log, now: () => 0 });
    await expect(without.get()).rejects.toThrow('expected its text in the table, got none');
  });
});

/** Text that does not compress, of words that look like no key: the same for an id. */
function noise(id: string, length: number): string {
  const letters = Array.from(seededBytes(id, length), (byte) => String.fromCharCode(97 + (byte % 26)));
  return letters.join('').replace(/.{8}/g, '$& ');
}
