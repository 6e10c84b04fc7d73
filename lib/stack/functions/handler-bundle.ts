/**
 * A handler -> the directory that a Lambda gets: the handler and all it imports in modules, their source maps beside
 * them, and the deployment file. What is in that file is lib/config's; how a handler is bundled is handler-source.ts's.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { DEPLOYMENT_FILE, type Deployment } from '../../config/deployment.ts';
import { bundleSource, FUNCTIONS, type HandlerFile, type HandlerName } from './handler-source.ts';

/** Where the package has its handlers, a folder each, bundled when it was packed. Not there in the repository. */
const PACKED = fileURLToPath(new URL('../../handlers', import.meta.url));
const isPacked = existsSync(PACKED);

const bundles = new Map<HandlerName, readonly HandlerFile[]>();

/** The handler as Lambda code. Bundled in this process, or when the package was made: neither docker nor a shell is needed. */
export function handlerCode(handler: HandlerName, deployment: Deployment): Code {
  return Code.fromAsset(isPacked ? join(PACKED, handler) : FUNCTIONS, {
    // Only what is deployed counts: a comment in a source file deploys nothing.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none: bundled locally'),
      // CDK bundles once for all assets whose options look alike, and cannot look into the function below.
      command: [handler, JSON.stringify(deployment)],
      local: {
        tryBundle(directory) {
          writeHandler(handler, deployment, directory);
          return true;
        },
      },
    },
  });
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
