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
  'bin/kill',
  'functions/recorded-calls',
  'bin/local',
  'functions/door',
  'local/monitor',
  'functions/provider-list',
  'bin/check',
  'page/door',
  'alerts/demonstration',
  'stack/validation',
  'store/dynamo/dynamo',
  'failures/catalogue',
  'probe/misbehaving-peers',
  'promises/s1-kill',
  'egress/redact-cost',
  'probe/lacking',
  'local/data/folder',
  'bin/select',
  'reader/routing/document',
  'functions/alerts',
  'bin/copy-history',
  'promises/p8-nothing-left',
  'promises/t1-hanging-providers',
  'health/replay',
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
