import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const CHILD = fileURLToPath(new URL('collecting-process.ts', import.meta.url));

interface Around {
  before: number;
  after: number;
}

describe('young objects', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', CHILD]);
  const { unprepared, prepared, ofTick }: Record<string, Around> = JSON.parse(stdout);

  test('stay in a process that has not asked to collect on request', () => {
    expect(unprepared?.after).toBeGreaterThanOrEqual(unprepared?.before ?? Number.NaN);
  });

  test('are collected on request', () => {
    expect(prepared?.after).toBeLessThan((prepared?.before ?? Number.NaN) / 1.5);
  });

  test('are collected by a tick, before it measures', () => {
    expect(ofTick?.after).toBeLessThan((ofTick?.before ?? Number.NaN) / 2);
  });
});
