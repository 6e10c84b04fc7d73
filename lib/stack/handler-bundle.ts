/**
 * One file of functions/ -> the directory that a Lambda gets: the handler and all it imports in one module, its source
 * map beside it, and the deployment file. What is in that file is lib/config's.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync, type OutputFile } from 'esbuild';
import { DEPLOYMENT_FILE, type Deployment } from '../config/deployment.ts';

/** A file of functions/, without its ending. */
export type HandlerName = 'check' | 'api' | 'manage';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FUNCTIONS = join(PROJECT, 'functions');

/** undici and other CommonJS inside the bundle call `require`, which an ES module does not have. */
const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const bundles = new Map<HandlerName, readonly OutputFile[]>();

/** The handler as Lambda code. Bundled by esbuild in this process: neither docker nor a shell is needed. */
export function handlerCode(handler: HandlerName, deployment: Deployment): Code {
  return Code.fromAsset(FUNCTIONS, {
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
  mkdirSync(directory, { recursive: true });
  for (const file of bundle(handler)) writeFileSync(join(directory, basename(file.path)), file.contents);
  writeFileSync(join(directory, DEPLOYMENT_FILE), JSON.stringify(deployment));
}

function bundle(handler: HandlerName): readonly OutputFile[] {
  const known = bundles.get(handler);
  if (known) return known;
  const { outputFiles } = buildSync({
    entryPoints: [join(FUNCTIONS, `${handler}.ts`)],
    bundle: true,
    // What is imported when first needed stays out of the module that every cold start reads.
    splitting: true,
    outExtension: { '.js': '.mjs' },
    entryNames: 'index',
    chunkNames: '[name]-[hash]',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first, of which esbuild drops what is not used; the AWS SDK too is bundled, so that its version is ours.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    // Beside the module and not linked from it: read by people after a crash, never by Lambda at a cold start.
    sourcemap: 'external',
    banner: { js: REQUIRE_BANNER },
    // Not written here but by writeHandler, so that the map's paths are the same wherever cdk.out lies.
    write: false,
    outdir: FUNCTIONS,
    logLevel: 'warning',
  });
  bundles.set(handler, outputFiles);
  return outputFiles;
}
