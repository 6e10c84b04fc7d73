import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchConfig } from '../../lib/local/config-file.ts';
import { FakeClock } from '../support/clock.ts';

let folder: string;
let file: string;
let clock: FakeClock;
let used: string[][];
let timeouts: number[];
let mistakes: string[];
let stop: () => Promise<void>;

const provider = { type: 'openai-compatible', model: 'm', baseUrl: 'https://models.example.com/v1' };
const configOf = (...ids: string[]) => JSON.stringify({ providers: ids.map((id) => ({ ...provider, id })) });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'provider-health-'));
  file = join(folder, 'providers.json');
  clock = new FakeClock();
  used = [];
  timeouts = [];
  mistakes = [];
  await writeFile(file, configOf('a'));
  stop = watchConfig({
    ...{ file, clock, parsing: { addressPolicy: 'public', tickSeconds: 5 } },
    async onChange({ providers }) {
      used.push(providers.map(({ id }) => id));
      timeouts = providers.map(({ timeoutSeconds }) => timeoutSeconds);
    },
    onMistake: (text) => void mistakes.push(text),
  });
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

async function look(): Promise<void> {
  await clock.untilSleeping();
  await clock.advance(2000);
  await clock.untilSleeping();
}

it('takes a changed file when two looks in a row find it the same, once', async () => {
  await look();
  await writeFile(file, configOf('a', 'b'));
  await look();
  expect(used).toEqual([]);
  await look();
  expect(used).toEqual([['a', 'b']]);
  expect(timeouts, 'the defaults that fit into a tick of 5 s').toEqual([4, 4]);
  await look();
  expect(used).toHaveLength(1);
});

it('says nothing of a file that a look finds half written', async () => {
  await look();
  await writeFile(file, configOf('a', 'b').slice(0, 30));
  await look();
  await writeFile(file, configOf('a', 'b'));
  await look();
  await look();
  expect(mistakes).toEqual([]);
  expect(used).toEqual([['a', 'b']]);
});

it('says once what is wrong with a changed file, and takes it when it is right', async () => {
  await look();
  await writeFile(file, '{"providers": [{"type": "opnai"}]}');
  for (let n = 0; n < 4; n++) await look();
  expect(mistakes).toEqual([expect.stringMatching(/has changed but cannot be used[^\n]*\n.*providers\[0\]\.type/)]);
  await writeFile(file, configOf('a'));
  for (let n = 0; n < 3; n++) await look();
  expect(used).toEqual([['a']]);
});
