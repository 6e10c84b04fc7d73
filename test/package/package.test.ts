/** The packed tarball in an empty project: its types, its bundles, its handlers, and a router on each Node that is given. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalMonitor, startLocalMonitor } from '../../lib/local/monitor.ts';
import { LOCAL_DEFAULTS } from '../../lib/local/settings.ts';
import { behaviours } from '../../lib/local/simulator/behaviours.ts';
import type { Simulator } from '../../lib/local/simulator/simulator.ts';
import { importedBy } from '../support/imports.ts';
import { type OpenTable, startOpenTable } from '../support/open-table.ts';
import { describeCommonJs } from './commonjs.ts';
import { type Project, packedProject } from './project.ts';
import { type MonitorProxy, startProxy, type Weather } from './weather.ts';

/** This one, and the Lambda's where CI names it. */
const NODES = [...new Set([process.execPath, process.env.HANDLER_NODE ?? process.execPath])];

/** Simulated ones that work until a test changes them. */
const PROVIDERS = ['openai', 'claude', 'gemini'];

/** The open table accepts any. */
const LOCAL_IDENTITY = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

let project: Project;
let openTable: OpenTable;
let monitor: LocalMonitor;
let simulator: Simulator;
let table: MonitorProxy;
let api: MonitorProxy;
/** Paths in node_modules of what the package alone brings. */
let brought: string[];
/** The output of the type checker where neither the AWS SDK nor CDK is installed. */
let typesWithoutPeers: string;

beforeAll(async () => {
  project = await packedProject();
  brought = packagesIn(join(project.directory, 'node_modules'));
  await project.install('@types/node');
  typesWithoutPeers = await project.tool('tsc', '-p', project.directory).catch(String);
  await project.install('@aws-sdk/client-dynamodb', 'aws-cdk-lib', 'constructs');
  openTable = await startOpenTable('package-test');
  const { tableName, endpoint: dynamodbEndpoint } = openTable;
  const settings = { ...LOCAL_DEFAULTS, port: 0, tableName, dynamodbEndpoint };
  const lines = { out: () => undefined, err: () => undefined, colour: false };
  monitor = await startLocalMonitor({ ...settings, tickSeconds: 5 }, { lines });
  if (!monitor.simulator) throw new Error('monitor: expected simulated providers, got none');
  simulator = monitor.simulator;
  await until(async () => {
    const healthy = await monitor.checker.getHealthyProviders();
    return PROVIDERS.every((id) => healthy.includes(id));
  });
  [table, api] = await Promise.all([startProxy(monitor.dynamodbEndpoint), startProxy(monitor.url)]);
});

afterAll(async () => {
  await Promise.all([table?.close(), api?.close()]);
  await monitor?.stop();
  await openTable?.close();
  project?.remove();
});

/** Resolves after the tick that made it true. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => monitor.checker.once('tick', resolve));
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? packagesIn(join(modules, name)).map((sub) => `${name}/${sub}`) : name));
}

describe('the package', () => {
  test('brings few others, and neither the AWS SDK nor CDK', () => {
    const { dependencies } = manifest();
    expect(brought).toEqual(expect.arrayContaining(['provider-health', ...Object.keys(dependencies)]));
    expect(brought.length).toBeLessThan(10);
    expect(brought.filter((name) => /aws-sdk|aws-cdk|constructs|hono|dynalite|esbuild|tsx/.test(name))).toEqual([]);
  });

  test('imports nothing that it does not name', () => {
    const { dependencies, peerDependencies } = manifest();
    const named = Object.keys({ ...dependencies, ...peerDependencies });
    const modules = readdirSync(installed('dist'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.(js|d\.ts)$/.test(file) && !file.startsWith('handlers'),
    );
    expect(modules.length).toBeGreaterThan(100);
    const strangers = modules.flatMap((file) =>
      importedBy(codeOf(installed('dist', file)))
        .filter((specifier) => /^[@a-z]/.test(specifier) && !specifier.startsWith('node:'))
        .filter((specifier) => !named.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(strangers).toEqual([]);
  });

  test('has no source maps of the handlers', () => {
    const files = readdirSync(installed('dist'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    expect(statSync(project.tarball).size).toBeLessThan(3_000_000);
  });

  test('is what its manifest says, to bundlers and to type checkers', async () => {
    await project.tool('publint', 'run', project.tarball, '--strict');
    await project.tool('attw', project.tarball);
  });

  test('has types that a strict project checks, those of the package included, without the optional peers', () => {
    expect(typesWithoutPeers).toBe('');
  });

  test('has types for CDK apps', async () => {
    await project.tool('tsc', '-p', 'tsconfig.app.json');
  });
});

describeCommonJs(() => project.tarball, NODES);

describe('the command line', () => {
  test('runs from the tarball', async () => {
    expect(await project.command('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await project.command('--help')).toContain('alert-test');
    expect(await project.command('select', '--url', monitor.url)).toMatch(/^[a-z0-9-]+\n$/);
  });
});

describe('the constructs', () => {
  let assembly: string;

  beforeAll(async () => {
    const app = await project.bundle('app.ts', '--packages=external');
    assembly = join(project.directory, 'cdk.out');
    // Without a path there is neither docker nor a shell.
    await project.node(process.execPath, app, { CDK_OUTDIR: assembly, PATH: '' });
  });

  test('synthesize in the app of a user, with the handlers of the package', () => {
    const resources = Object.entries<Resource>(template().Resources);
    const handlers = resources.filter(
      ([, { Type, Properties }]) => Type === 'AWS::Lambda::Function' && Properties.Code?.S3Key,
    );
    expect(handlers.length).toBeGreaterThanOrEqual(3);
    for (const [, { Properties }] of handlers) {
      const asset = join(assembly, `asset.${Properties.Code?.S3Key?.replace('.zip', '')}`);
      expect(statSync(join(asset, 'index.mjs')).size).toBeGreaterThan(10_000);
      const { config } = JSON.parse(readFileSync(join(asset, 'deployment.json'), 'utf8'));
      expect(config.providers).toHaveLength(2);
    }
  });

  test('grant a router the statuses and the reports, and give it the name of the table', () => {
    const resources = Object.entries<Resource>(template().Resources);
    const router = resources.find(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('Router'));
    expect(router?.[1].Properties.Environment?.Variables).toHaveProperty('PROVIDER_HEALTH_TABLE_NAME');
    const policy = resources.find(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith('Router'));
    expect(policy?.[1].Properties.PolicyDocument).toMatchObject({
      Statement: [{ Action: ['dynamodb:GetItem', 'dynamodb:Query'] }, { Action: 'dynamodb:PutItem' }],
    });
  });

  const template = () => JSON.parse(readFileSync(join(assembly, 'Router.template.json'), 'utf8'));
});

describe.each(NODES)('on %s', (node) => {
  test('a program monitors by itself', async () => {
    const provider = simulator.providers.find(({ id }) => id === 'openai');
    const output = await project.node(node, await project.bundle('monitor.ts', '--packages=external'), {
      PROVIDER_URL: provider?.baseUrl ?? '',
      PROVIDER_MODEL: provider?.model ?? '',
      PROVIDER_KEY: simulator.env[provider?.apiKey?.replace('env:', '') ?? ''] ?? '',
    });
    expect(JSON.parse(output)).toEqual({ isHealthy: true, errorMessage: null, healthy: 1 });
  });
});

interface Answer {
  picked: string[];
  order: string[];
  usable: string[];
  panic: boolean;
  source: string;
  problem: string | null;
  message: string | null;
  firstIsHealthy: boolean;
  totalProviders: number;
  healthyProviders: number;
}

/** The bundle of the router, asked by each Node in each form; how the proxy before the monitor behaves. */
describe.each(
  NODES.flatMap(
    (node) =>
      [
        { node, form: 'table' },
        { node, form: 'API' },
      ] as const,
  ),
)('a bundled router on $node that asks the $form', ({ node, form }) => {
  let router: string;

  beforeAll(async () => {
    router = await project.bundle('router.ts', '--external:@aws-sdk/*');
  });

  async function ask(weather: Weather, more: Record<string, string> = {}): Promise<Answer> {
    const proxy = form === 'table' ? table : api;
    proxy.weather = weather;
    proxy.requests = 0;
    const where: Record<string, string> =
      form === 'table'
        ? { HEALTH_TABLE: monitor.tableName, HEALTH_ENDPOINT: table.url, ...LOCAL_IDENTITY }
        : { HEALTH_URL: api.url };
    return JSON.parse(await project.node(node, router, { PROVIDERS: PROVIDERS.join(), ...where, ...more }));
  }

  const everyone = [...PROVIDERS].sort();

  test('has nothing in it that it does not use', () => {
    const code = readFileSync(router, 'utf8');
    expect(code).toContain('ReaderError');
    expect(code).not.toMatch(/FailoverError|ConfigError|undici|zod/);
  });

  test('knows them all when all is well', async () => {
    const answer = await ask('well');
    expect(answer).toMatchObject({ panic: false, source: 'cache', problem: null, firstIsHealthy: true });
    expect(answer.picked).toEqual([answer.order[0]]);
    expect([...answer.usable].sort()).toEqual(everyone);
    expect(answer.totalProviders).toBe(simulator.providers.length);
  });

  test('R4: asks once for a hundred calls', async () => {
    const { picked } = await ask('well', { CALLS: '100' });
    expect(picked).toHaveLength(1);
    expect(form === 'table' ? table.requests : api.requests).toBe(1);
  });

  test('R2: takes stale statuses for usable', async () => {
    const answer = await ask('well', { CLOCK_AHEAD_MS: '600000' });
    expect([...answer.usable].sort()).toEqual(everyone);
    expect(answer.panic).toBe(false);
  });

  test.each([
    ['gone', 'unreachable'],
    ['slow', 'slow'],
    ['denied', 'denied'],
  ] as const)('R1: goes on in the given order when the monitor is %s', async (weather, problem) => {
    expect(await ask(weather)).toMatchObject({ picked: [PROVIDERS[0]], order: PROVIDERS, source: 'fallback', problem });
  });

  test('asks the best one last when it is down, and R3: panics when all are', async () => {
    const best = (await ask('well')).order[0] ?? '';
    await setAll([best], 'down');
    const oneDown = await ask('well');
    expect(oneDown.usable).not.toContain(best);
    expect(oneDown.order.at(-1)).toBe(best);
    expect(oneDown.panic).toBe(false);
    await setAll(PROVIDERS, 'down');
    const allDown = await ask('well');
    expect(allDown).toMatchObject({ panic: true, usable: [] });
    expect([...allDown.order].sort()).toEqual(everyone);
    await setAll(PROVIDERS, 'fast');
  });
});

async function setAll(ids: readonly string[], behaviour: 'down' | 'fast'): Promise<void> {
  for (const id of ids) simulator.set(id, behaviours[behaviour]());
  await until(async () => {
    const healthy = await monitor.checker.getHealthyProviders();
    return ids.every((id) => healthy.includes(id) === (behaviour === 'fast'));
  });
}

interface Resource {
  Type: string;
  Properties: {
    Code?: { S3Key?: string };
    Environment?: { Variables: Record<string, unknown> };
    PolicyDocument?: unknown;
  };
}

function manifest(): { dependencies: Record<string, string>; peerDependencies: Record<string, string> } {
  return JSON.parse(readFileSync(installed('package.json'), 'utf8'));
}

function installed(...path: string[]): string {
  return join(project.directory, 'node_modules/provider-health', ...path);
}

/** Without its comments. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '');
}
