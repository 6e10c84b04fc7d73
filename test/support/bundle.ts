/** The functions as they are deployed: a synthesized stack's assets, each run in a process with a Lambda's variables. */

import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { DEPLOYMENT_FILE, type Deployment } from '../../lib/config/deployment.ts';
import type { ProviderHealthProps } from '../../lib/stack/options.ts';
import { ProviderHealthStack } from '../../lib/stack/provider-health-stack.ts';
import type { CfnResources } from './aws/policies.ts';

/** The Node that runs the handlers. Default: the one that runs the tests; CI names the Lambda's. */
const NODE = process.env.HANDLER_NODE ?? process.execPath;

const HOST = fileURLToPath(new URL('bundle-host.mjs', import.meta.url));

export interface BundledFunction {
  /** The directory that is deployed. */
  directory: string;
  /** As in the template; a reference to the table is its logical id in the form `{ Ref }`. */
  variables: Record<string, unknown>;
  timeoutSeconds: number;
  /** In the template. */
  logicalId: string;
}

export interface Bundles {
  check: BundledFunction;
  api: BundledFunction;
  manage: BundledFunction;
  alerts: BundledFunction;
  /** The check functions of all shards. */
  checks: BundledFunction[];
  /** Of the template. */
  resources: CfnResources;
  /** Removes the assets. */
  remove(): void;
}

interface FunctionResource {
  Properties: { Code: { S3Key: string }; Environment: { Variables: Record<string, unknown> }; Timeout: number };
}

/** Synthesizes a stack, bundling included. */
export function bundleFunctions(props: ProviderHealthProps): Bundles {
  const outdir = mkdtempSync(join(tmpdir(), 'provider-health-cdk-'));
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  // test/stack tests CDK's own rules: their engine takes 3 s of CPU to start.
  const app = new App({ outdir, builtinCloudFormationValidation: false, context });
  const { artifactId } = new ProviderHealthStack(app, 'Bundled', props);
  const { templateFullPath } = app.synth().getStackArtifact(artifactId);
  const { Resources } = JSON.parse(readFileSync(templateFullPath, 'utf8'));
  const findAll = (part: string): BundledFunction[] =>
    Object.entries<FunctionResource & { Type: string }>(Resources)
      .filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes(part))
      .map(
        ([
          logicalId,
          {
            Properties: { Code, Environment, Timeout },
          },
        ]) => ({
          logicalId,
          directory: join(outdir, `asset.${Code.S3Key.replace('.zip', '')}`),
          variables: Environment.Variables,
          timeoutSeconds: Timeout,
        }),
      );
  const find = (part: string): BundledFunction => {
    const [found] = findAll(part);
    if (!found) throw new Error(`function ${part}: expected one in the template, got none`);
    return found;
  };
  return {
    checks: findAll('Check'),
    resources: Resources,
    check: find('Check'),
    api: find('ApiRead'),
    manage: find('ApiManage'),
    alerts: find('Alerts'),
    remove: () => rmSync(outdir, { recursive: true }),
  };
}

/**
 * A copy of a function with another deployment file. No stack lets its functions send requests to this machine; only
 * here may those that probe a local server do so. The copy is beside the asset and is removed with it.
 */
export function redeploy(bundled: BundledFunction, changes: Partial<Deployment>): BundledFunction {
  const directory = mkdtempSync(`${bundled.directory}-`);
  cpSync(bundled.directory, directory, { recursive: true, filter: (path) => !path.endsWith('.map') });
  const file = join(directory, DEPLOYMENT_FILE);
  const deployment: Deployment = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...deployment, ...changes }));
  return { ...bundled, directory };
}

export interface RunningFunction {
  /** Version of the Node that runs it. */
  node: string;
  /**
   * What the handler returns.
   *
   * @param requestId Lambda gives a retry of an event the same one. Default: a new one.
   * @throws What it throws.
   */
  invoke(event: unknown, requestId?: string): Promise<unknown>;
  /**
   * Ends the process by telling it that there are no more events. Gives the lines of its log, first those of its
   * output, then those of its errors and warnings. If a handler left a socket or timer open, the process, and this
   * promise, would not end.
   */
  stop(): Promise<string[]>;
}

/** Starts a function's process. @param environment Beyond what the template sets. */
export async function startFunction(
  { directory, variables, timeoutSeconds }: BundledFunction,
  tableName: string,
  environment: Record<string, string>,
): Promise<RunningFunction> {
  const resolved = Object.entries(variables).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : tableName,
  ]);
  const child = fork(HOST, [pathToFileURL(join(directory, 'index.mjs')).href], {
    execPath: NODE,
    // Node's own warnings, such as the SDK's about an older Node, do not belong to the function's log.
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // No variables of this process: the handler must work with those that its Lambda has.
    env: {
      AWS_LAMBDA_FUNCTION_NAME: 'provider-health-test',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...Object.fromEntries(resolved),
      ...environment,
    },
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('function: expected pipes for its output');
  const written = { stdout: '', stderr: '' };
  stdout.setEncoding('utf8').on('data', (chunk) => {
    written.stdout += chunk;
  });
  stderr.setEncoding('utf8').on('data', (chunk) => {
    written.stderr += chunk;
  });
  const output = () => written.stdout + written.stderr;
  const { ready } = await answer<{ ready: string }>(child, output);
  return {
    node: ready,
    async invoke(event, requestId = randomUUID()) {
      child.send({ event, requestId, remainingMs: timeoutSeconds * 1000 });
      const { result, error } = await answer<{ result?: unknown; error?: string }>(child, output);
      if (error !== undefined) throw new Error(error);
      return result;
    },
    async stop() {
      // Not `close`: it does not come after a disconnect from this side.
      const ended = Promise.all([once(child, 'exit'), once(stdout, 'end'), once(stderr, 'end')]);
      child.disconnect();
      await ended;
      return output()
        .split('\n')
        .filter((line) => line !== '');
    },
  };
}

async function answer<Message>(child: ChildProcess, output: () => string): Promise<Message> {
  const ended = new AbortController();
  try {
    const [message] = await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`function: expected an answer, got exit status ${code}\n${output()}`);
      }),
    ]);
    return message as Message;
  } finally {
    ended.abort();
  }
}
