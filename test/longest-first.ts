/**
 * The order of the test files. One of these that began last would leave the other processes without work; after a clean
 * checkout no durations are known that vitest could go by.
 */

import { fileURLToPath } from 'node:url';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Each takes five seconds and more. The longest is the first. */
const LONGEST = [
  'promises/s3-any-schedule',
  'page/page',
  'functions/bundled',
  'bin/check',
  'bin/local',
  'functions/recorded-calls',
  'promises/k1-no-key-anywhere',
  'store/dynamo/dynamo',
  'promises/s1-kill',
  'bin/kill',
  'page/door',
  'alerts/demonstration',
  'local/monitor',
  'promises/k8-closed-doors',
  'reader/routing/document',
  'promises/t1-hanging-providers',
].map((name) => fileURLToPath(new URL(`${name}.test.ts`, import.meta.url)));

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) =>
      (LONGEST.indexOf(moduleId) + LONGEST.length + 1) % (LONGEST.length + 1);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
