/**
 * The order of the test files. One of these that began last would leave the other processes without work; after a clean
 * checkout no durations are known that vitest could go by.
 */

import { accessSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest is the first. */
const LONGEST = [
  'promises/s3-any-schedule',
  'functions/bundled',
  'page/page',
  'promises/k1-no-key-anywhere',
  'functions/door',
  'bin/local',
  'failures/catalogue',
  'functions/provider-list',
  'store/dynamo/dynamo',
  'bin/check',
  'bin/kill',
  'promises/s1-kill',
  'health/replay',
  'functions/recorded-calls',
  'promises/a5-constant-reads',
  'alerts/demonstration',
  'stack/validation',
  'local/monitor',
  'page/door',
  'egress/redact-cost',
  'promises/p8-nothing-left',
  'promises/t1-hanging-providers',
].map(fileOf);

/** @throws When there is none: it was renamed. */
function fileOf(name: string): string {
  const file = fileURLToPath(new URL(`${name}.test.ts`, import.meta.url));
  accessSync(file);
  return file;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      (LONGEST.indexOf(moduleId) + LONGEST.length + 1) % (LONGEST.length + 1);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
