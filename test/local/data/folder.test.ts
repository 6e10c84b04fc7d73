import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../lib/local/data/folder.ts';
import { levelTrouble } from '../../../lib/local/data/level-error.ts';
import { openFolderStorage } from '../../../lib/local/data/storage.ts';
import { type EmbeddedTable, startEmbeddedTable } from '../../../lib/local/table/embedded.ts';
import { createDynamoStore } from '../../../lib/store/dynamo/store.ts';
import { healthyStatus } from '../../support/builders.ts';
import { FakeClock } from '../../support/clock.ts';

let parent: string;
let folder: string;
let tables: EmbeddedTable[];
let warnings: string[];

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'provider-health-data-'));
  folder = join(parent, 'data');
  tables = [];
  warnings = [];
});
afterEach(async () => {
  await closeAll();
  await rm(parent, { recursive: true });
});

async function closeAll(): Promise<void> {
  for (const table of tables.splice(0)) await table.close();
}

async function openTable(): Promise<EmbeddedTable> {
  const options = { folder, now: new FakeClock().now, warn: (text: string) => void warnings.push(text) };
  const table = await startEmbeddedTable('provider-health', await openDataFolder(options));
  tables.push(table);
  return table;
}

const storeOf = ({ client, tableName }: EmbeddedTable) => createDynamoStore({ client, tableName });

const idOf = (n: number) => `p${String(n).padStart(4, '0')}`;

async function fill(table: EmbeddedTable, count: number, first = 0): Promise<void> {
  const store = storeOf(table);
  await Promise.all(
    Array.from({ length: count }, (_, n) =>
      store.statuses.put({ ...healthyStatus(), provider: idOf(first + n) }, null, null),
    ),
  );
}

async function idsIn(table: EmbeddedTable): Promise<string[]> {
  return (await storeOf(table).statuses.list()).statuses.map(({ provider }) => provider);
}

/** Paths of the files of the LevelDB that end so. */
async function files(ending: string): Promise<string[]> {
  const names = await readdir(join(folder, 'table'));
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, 'table', name));
}

async function overwrite(path: string, text: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(text, at);
  await file.close();
}

describe('a data folder', () => {
  it('has what was written before it was closed, and can be used again at once', async () => {
    await fill(await openTable(), 20);
    await closeAll();
    const again = await openTable();
    expect(await idsIn(again)).toHaveLength(20);
    expect(await storeOf(again).statuses.get(idOf(7))).toMatchObject({ provider: idOf(7), state: 'healthy' });
    await fill(again, 5, 20);
    expect(await idsIn(again)).toHaveLength(25);
    expect(warnings).toEqual([]);
  });

  it('is for this user alone', async () => {
    await openTable();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('serves one monitor at a time, and the other one hears so', async () => {
    await openTable();
    await expect(openTable()).rejects.toMatchObject({
      name: 'StartError',
      exitStatus: 1,
      message: `--data: ${folder} is in use by another monitor. Stop that one first, or name another folder`,
    });
  });

  it('is not made of a folder that has other files', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.txt'), 'years of work');
    await expect(openTable()).rejects.toMatchObject({
      exitStatus: 2,
      message: expect.stringContaining('1 other files'),
    });
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  it('is refused where it was made by a later version', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'provider-health.json'), '{"format":2}');
    await expect(openTable()).rejects.toThrow(/expected a folder of format 1, got .* of format 2/);
  });

  it('says so where there can be none', async () => {
    await writeFile(folder, 'a file');
    await expect(openTable()).rejects.toThrow(/^--data: expected a folder that can be written, got: E/);
  });

  it('begins anew where a kill came between making it and writing its label', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'provider-health.json'), '');
    await openTable();
    expect(JSON.parse(await readFile(join(folder, 'provider-health.json'), 'utf8'))).toEqual({ format: 1 });
  });

  it('has a usable table where a kill came while it was made', async () => {
    const options = { folder, now: new FakeClock().now, warn: () => {} };
    await openTable();
    await closeAll();
    const storage = await openDataFolder(options);
    const { tableDb } = storage.store;
    const table = await promisify(tableDb.get)('provider-health');
    await promisify(tableDb.put)('provider-health', { ...table, TableStatus: 'CREATING' });
    await storage.close();
    await fill(await openTable(), 1);
  });
});

describe('a damaged data folder', () => {
  beforeEach(async () => {
    await fill(await openTable(), 100);
    await closeAll();
    // LevelDB moves what is in its log into tables.
    await fill(await openTable(), 100, 100);
    await closeAll();
  });

  it.each([
    {
      what: 'the name of the list of files is garbage',
      damage: () => writeFile(join(folder, 'table', 'CURRENT'), 'x\n'),
    },
    { what: 'the name of the list of files is missing', damage: () => rm(join(folder, 'table', 'CURRENT')) },
    {
      what: 'the list of files is cut off',
      damage: async () =>
        Promise.all((await files('')).filter((path) => path.includes('MANIFEST')).map((path) => truncate(path, 3))),
    },
    {
      what: 'the list of files is missing',
      damage: async () =>
        Promise.all((await files('')).filter((path) => path.includes('MANIFEST')).map((path) => rm(path))),
    },
  ])('is repaired without a loss, and kept as it was, where $what', async ({ damage }) => {
    await damage();
    const before = (await readdir(join(folder, 'table'))).length;
    expect(await idsIn(await openTable())).toHaveLength(200);
    expect(warnings).toEqual([
      expect.stringMatching(/^--data: .* was damaged \(.+\) and is repaired: what could be read/),
    ]);
    const [copy = ''] = (await readdir(folder)).filter((name) => name.startsWith('damaged-'));
    expect(warnings[0]).toContain(copy);
    expect((await readdir(join(folder, copy))).length).toBe(before);
    await closeAll();
    await openTable();
    expect(warnings).toHaveLength(1);
  });

  it('says how much of the last writes is lost, and keeps their log', async () => {
    const [log = ''] = await files('.log');
    const damaged = await readFile(log);
    await overwrite(log, 'XXXX', Math.floor(damaged.length / 2));
    const ids = await idsIn(await openTable());
    expect(ids.length).toBeGreaterThanOrEqual(100);
    expect(ids.length).toBeLessThan(200);
    expect(warnings).toEqual([expect.stringMatching(/the last writes were damaged: \d+ bytes could not be read/)]);
    const [copy = ''] = (await readdir(folder)).filter((name) => name.startsWith('damaged-'));
    expect((await readdir(join(folder, copy))).length).toBe(1);
  });

  it('is not assumed when a kill cut off the last write', async () => {
    const [log = ''] = await files('.log');
    await truncate(log, (await stat(log)).size - 7);
    expect((await idsIn(await openTable())).length).toBeGreaterThanOrEqual(199);
    expect(warnings).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['provider-health.json', 'table']);
  });

  it('goes on where a read finds it, says what to do, and is repaired by the next start', async () => {
    const [part = ''] = await files('.ldb');
    await overwrite(part, 'X'.repeat(600), 0);
    const table = await openTable();
    await expect(storeOf(table).statuses.list()).rejects.toMatchObject({
      name: 'StoreError',
      code: 'unreachable',
      message: expect.stringMatching(/expected to read .*, got ".*". Start the monitor again: it repairs the folder/),
    });
    expect(await storeOf(table).statuses.put({ ...healthyStatus(), provider: 'new' }, null, null)).toBe('stored');
    await closeAll();
    expect(await idsIn(await openTable())).toContain(idOf(150));
    expect(warnings).toEqual([expect.stringContaining('is repaired')]);
  });
});

it('an append to the folder of a closed table is no damage', async () => {
  await fill(await openTable(), 3);
  await closeAll();
  await appendFile(join(folder, 'table', 'LOG'), 'a note\n');
  expect(await idsIn(await openTable())).toHaveLength(3);
});

describe('a full disk', () => {
  it('is read while it is full, and written again when there is room', async () => {
    await mkdir(folder);
    let isFull = false;
    const storage = await openFolderStorage({
      path: join(folder, 'table'),
      onDamage: async () => {},
      hasRoom: async () => !isFull,
    });
    const table = await startEmbeddedTable('provider-health', storage);
    tables.push(table);
    await fill(table, 3);
    isFull = true;
    storage.failure(
      Object.assign(new Error('IO error: 000005.log: No space left on device'), { code: 'LEVEL_IO_ERROR' }),
    );
    await expect(fill(table, 1, 3)).rejects.toThrow(/got "No space left on device". Make room on its disk/);
    expect(await idsIn(table)).toHaveLength(3);
    isFull = false;
    await fill(table, 1, 3);
    expect(await idsIn(table)).toHaveLength(4);
  });

  it('is named when it is so at the start', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, copyfile'), { code: 'ENOSPC' });
    expect(levelTrouble(error)).toBe('full');
  });

  it('is said, costs no answered write, and is over when there is room again', async () => {
    // A limit on the size of files replaces a full disk, which would need special rights to make.
    const program = fileURLToPath(new URL('./full-disk.ts', import.meta.url));
    const command = `trap '' XFSZ; ulimit -f 64; exec "$0" --import tsx "$1" "$2"`;
    const child = spawn('/bin/sh', ['-c', command, process.execPath, program, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    await once(child, 'close');
    const report = JSON.parse(out) as { stored: string[]; errors: string[]; later: number };
    expect(report.errors[0]).toMatch(/expected to read and write .*, got ".*File too large". Make room on its disk/);
    expect(report.stored.length).toBeGreaterThan(20);
    expect(report.later).toBeGreaterThan(0);
    expect(await idsIn(await openTable())).toEqual(expect.arrayContaining(report.stored));
    expect(warnings).toEqual([]);
  });
});
