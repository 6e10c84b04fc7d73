/** The store's contract on Amazon's own DynamoDB Local. */

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folder, freePort, isThere, newFolder, ROOT } from './tools.ts';

const SERVER = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
const hasTools = isThere('Java', 'java', '-version') && isThere('Maven', 'mvn', '--version');

describe.skipIf(!hasTools)("Amazon's DynamoDB Local", () => {
  let folder: Folder;
  let endpoint: string;

  beforeAll(async () => {
    folder = newFolder();
    const jars = join(folder.directory, 'jars');
    const pom = join(ROOT, 'test/emulated/dynamodb-local.xml');
    await folder.run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`]);
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    const java = [`-Djava.library.path=${jars}`, '-cp', `${jars}/*`, SERVER, '-inMemory', '-port', String(port)];
    await folder.serve('java', java, endpoint);
  });

  afterAll(() => folder?.remove());

  test('keeps the contract of the store', async () => {
    const env = { ...process.env, STORE_TEST_ENDPOINT: endpoint };
    const suite = ['vitest', 'run', 'test/store/dynamo/dynamo.test.ts', '--reporter=json'];
    const output = await folder.run('npx', suite, { cwd: ROOT, env });
    const report = JSON.parse(output.slice(output.indexOf('{"num'), output.lastIndexOf('}') + 1));
    const tests = (report.testResults as { assertionResults: { fullName: string; status: string }[] }[])
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ fullName }) => fullName.includes(endpoint));
    expect(tests.length).toBeGreaterThan(100);
    expect(tests.filter(({ status }) => status !== 'passed')).toEqual([]);
  });
});
