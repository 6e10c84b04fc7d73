/** The deployed functions, as bundled, in a temporary directory. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Deployment } from '../../lib/config/deployment.ts';
import { writeHandler } from '../../lib/stack/functions/handler-bundle.ts';
import type { HandlerName } from '../../lib/stack/functions/handler-source.ts';
import { TABLE_NAME_VARIABLE } from '../../lib/store/env.ts';
import type { TableAddress } from './protocol.ts';

const DEPLOYMENT: Deployment = {
  config: { providers: [{ type: 'openai', apiKey: 'ssm:/bench' }] },
  addressPolicy: 'public',
  proxies: null,
  tickSeconds: 60,
  metricsPerProvider: false,
  access: null,
  proofs: { reads: ['iam'], writes: ['iam'] },
  publicUrl: null,
  providerList: null,
  shards: 1,
};

/** Calls `use` with a directory, and removes the directory afterwards. */
export async function withDirectory<Made>(use: (directory: string) => Promise<Made>): Promise<Made> {
  const directory = mkdtempSync(join(tmpdir(), 'provider-health-bench-'));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Writes the function's files. Returns the URL of its module. */
export function deploy(handler: HandlerName, directory: string, settings: Partial<Deployment> = {}): string {
  writeHandler(handler, { ...DEPLOYMENT, ...settings }, directory);
  return pathToFileURL(join(directory, 'index.mjs')).href;
}

/** The environment of a function. @param table Absent: nothing is called. */
export function environmentOf(table?: TableAddress): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_REGION: 'us-east-1',
    [TABLE_NAME_VARIABLE]: table?.tableName ?? 'bench',
    ...(table && {
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    }),
  };
}
