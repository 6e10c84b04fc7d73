/**
 * A handler -> the directory that a Lambda gets: the handler and all it imports in modules, and the deployment file. lib/config
 * decides what is in that file; handler-source.ts bundles a handler.
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

/** Where the package has its handlers, a folder each, bundled when it was packed. Not there in the repository. */
const PACKED = fileURLToPath(new URL('../../../handlers', import.meta.url));
const isPacked = existsSync(PACKED);

const bundles = new Map<HandlerName, readonly HandlerFile[]>();

/**
 * Makes something of the handler as Lambda code. The files are written here and not by CDK's bundling, which would write
 * lines of its own to the console: so neither docker nor a shell is needed, and only what is deployed counts for the hash.
 */
export function withHandlerCode<Made>(
  scope: Construct,
  handler: HandlerName,
  deployment: Deployment,
  make: (code: Code) => Made,
): Made {
  // Template tests and `cdk list` need no code.
  if (!Stack.of(scope).bundlingRequired) return make(Code.fromAsset(isPacked ? join(PACKED, handler) : FUNCTIONS));
  const directory = mkdtempSync(join(tmpdir(), 'provider-health-handler-'));
  writeHandler(handler, deployment, directory);
  const made = make(Code.fromAsset(directory));
  // CDK has copied it, except where it was asked to leave assets where they are.
  if (!scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) rmSync(directory, { recursive: true });
  return made;
}

/** Writes what the Lambda gets into a directory. */
export function writeHandler(handler: HandlerName, deployment: Deployment, directory: string): void {
  writeModules(handler, directory);
  writeFileSync(join(directory, DEPLOYMENT_FILE), JSON.stringify(deployment));
}

/** Writes what is the same in every deployment. */
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
