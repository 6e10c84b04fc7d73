/**
 * Makes the code directory of a Lambda: the bundled handler and the deployment file. Not here: the content of that file
 * (lib/config) and the bundling (handler-source.ts).
 */

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { DEPLOYMENT_FILE, type Deployment } from '../../config/deployment.ts';
import { bundleSource, FUNCTIONS, type HandlerFile, type HandlerName } from './handler-source.ts';

/** Folder of the bundled handlers in the published package. It does not exist in the repository. */
const PACKED = fileURLToPath(new URL('../../../handlers', import.meta.url));
const isPacked = existsSync(PACKED);

const bundles = new Map<HandlerName, readonly HandlerFile[]>();

interface Staged {
  deployment: Deployment;
  code: Code;
}

/** The code of each stack's handlers. All shards of a stack have the same check handler, so they share one asset. */
const staged = new WeakMap<Stack, Map<HandlerName, Staged>>();

/**
 * Calls `make` with the handler's Lambda code. The files are written here and not by CDK's bundling: so neither docker
 * nor a shell is needed, the console stays quiet, and the asset's hash depends only on the deployed files.
 */
export function withHandlerCode<Made>(
  scope: Construct,
  handler: HandlerName,
  deployment: Deployment,
  make: (code: Code) => Made,
): Made {
  const stack = Stack.of(scope);
  // `cdk list` and tests of the template need no code.
  if (!stack.bundlingRequired) return make(Code.fromAsset(isPacked ? join(PACKED, handler) : FUNCTIONS));
  const ofStack = staged.get(stack) ?? new Map<HandlerName, Staged>();
  staged.set(stack, ofStack);
  const before = ofStack.get(handler);
  if (before?.deployment === deployment) return make(before.code);
  const directory = mkdtempSync(join(tmpdir(), 'provider-health-handler-'));
  writeHandler(handler, deployment, directory);
  const code = Code.fromAsset(directory);
  const made = make(code);
  ofStack.set(handler, { deployment, code });
  // CDK has copied the directory, unless asset staging is disabled.
  if (!scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) rmSync(directory, { recursive: true });
  return made;
}

/** Writes the Lambda's files into a directory. */
export function writeHandler(handler: HandlerName, deployment: Deployment, directory: string): void {
  writeModules(handler, directory);
  writeFileSync(join(directory, DEPLOYMENT_FILE), JSON.stringify(deployment));
}

/** Writes the files that are the same in every deployment. */
export function writeModules(handler: HandlerName, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const { name, contents } of modulesOf(handler)) writeFileSync(join(directory, name), contents);
}

function modulesOf(handler: HandlerName): readonly HandlerFile[] {
  const known = bundles.get(handler);
  if (known) return known;
  const files = isPacked ? readFiles(join(PACKED, handler)) : bundleSource(handler);
  bundles.set(handler, files);
  return files;
}

function readFiles(directory: string): HandlerFile[] {
  return readdirSync(directory).map((name) => ({ name, contents: readFileSync(join(directory, name)) }));
}
