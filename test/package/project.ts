/** An empty project outside the repository, with the packed tarball in it, and what a user does there. */

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = fileURLToPath(new URL('project', import.meta.url));
const BIN = join(ROOT, 'node_modules/.bin');

/** Use npm's cache, so that no package is downloaded twice. */
const NPM_FLAGS = ['--prefer-offline', '--no-audit', '--no-fund'];

/** A list of errors may be long. */
const OUTPUT_LIMIT = 64 * 1024 * 1024;

export interface Project {
  directory: string;
  tarball: string;
  /** Adds packages, in the versions that the repository uses. */
  install(...packages: string[]): Promise<void>;
  /** Runs a tool of the repository in the project. @returns Its output. @throws When it fails, with its output. */
  tool(name: 'tsc' | 'esbuild' | 'publint' | 'attw', ...parameters: string[]): Promise<string>;
  /** Bundles one of its programs into a module, and returns its path. @param external What stays outside. */
  bundle(program: string, external: '--packages=external' | '--external:@aws-sdk/*'): Promise<string>;
  /** The output of `npx provider-health`. */
  command(...parameters: string[]): Promise<string>;
  /** What a program writes. @param node The Node that runs it. */
  node(node: string, program: string, environment?: Record<string, string>): Promise<string>;
  remove(): void;
}

/** Packs the package and installs it, and nothing else, in a new project. */
export async function packedProject(): Promise<Project> {
  const directory = mkdtempSync(join(tmpdir(), 'provider-health-package-'));
  try {
    return await projectIn(directory);
  } catch (error) {
    rmSync(directory, { recursive: true });
    throw error;
  }
}

async function projectIn(directory: string): Promise<Project> {
  const packed = await command('npm', ['pack', '--json', '--pack-destination', directory], ROOT);
  // What the build writes comes first.
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('['))) as [{ filename: string }];
  const tarball = join(directory, filename);
  cpSync(SOURCES, directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'router', private: true, type: 'module' }));
  const install = (...packages: string[]) => command('npm', ['install', ...NPM_FLAGS, ...packages], directory);
  await install(tarball);

  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const tool: Project['tool'] = (name, ...parameters) => command(join(BIN, name), parameters, directory);
  return {
    directory,
    tarball,
    tool,
    async install(...packages) {
      await install(...packages.map((name) => `${name}@${devDependencies[name]}`));
    },
    async bundle(program, external) {
      const outfile = join(directory, 'out', program.replace('.ts', '.mjs'));
      const form = ['--bundle', '--minify', '--platform=node', '--target=node20', '--format=esm'];
      await tool('esbuild', join(directory, program), ...form, external, `--outfile=${outfile}`);
      return outfile;
    },
    command: (...parameters) => command(join(directory, 'node_modules/.bin/provider-health'), parameters, directory),
    node: (node, program, variables = {}) => command(node, [program], directory, { ...process.env, ...variables }),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** What a program writes. @throws When it fails, with all that it wrote. */
async function command(file: string, parameters: string[], cwd: string, env = process.env): Promise<string> {
  try {
    return (await run(file, parameters, { cwd, env, maxBuffer: OUTPUT_LIMIT })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`);
  }
}
