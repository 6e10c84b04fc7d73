/** The templates, read by cfn-lint. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProviderHealthOptions } from '../../lib/stack/options.ts';
import { synthesize } from '../stack/synth.ts';
import { type Folder, hasPython, newFolder } from './tools.ts';

/**
 * Left out: W3005 says that a function names its role twice, in its properties and in DependsOn. CDK writes the second one
 * for every function, and it does no harm.
 */
const LEFT_OUT = ['-i', 'W3005'];

const TEMPLATES: Record<string, ProviderHealthOptions> = {
  default: {},
  'tick of 10 s, open reads': { tickSeconds: 10, readAccess: 'public' },
  'password, CORS, e-mail, metrics of each provider': {
    readAccess: 'password',
    passwords: [{ name: 'reader', secret: 'ssm:/health/password' }],
    cors: { allowOrigins: ['https://status.example.com'] },
    alarmEmail: 'team@example.com',
    metricsPerProvider: true,
    dashboard: true,
    tracing: true,
  },
};

describe.skipIf(!hasPython())('cfn-lint', () => {
  let folder: Folder;

  beforeAll(async () => {
    folder = newFolder();
    await folder.python('cfn-lint');
  });

  afterAll(() => folder?.remove());

  test.each(Object.entries(TEMPLATES))('has nothing to say about: %s', async (_name, options) => {
    const file = join(folder.directory, 'template.json');
    writeFileSync(file, JSON.stringify(synthesize(options).toJSON()));
    expect(await folder.run('venv/bin/cfn-lint', ['-r', 'eu-central-1', ...LEFT_OUT, '-t', file])).toBe('');
  });
});
