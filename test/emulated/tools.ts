/** Tools outside of Node: whether they are installed, and a folder for what they install and run. */

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OUTPUT_LIMIT = 64 * 1024 * 1024;

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Whether a command succeeds. If not, it prints that, because tests are then skipped. */
export function isThere(what: string, file: string, ...parameters: string[]): boolean {
  try {
    execFileSync(file, parameters, { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`${what}: not found here, so its tests are left out.`);
    return false;
  }
}

export const hasPython = () => isThere('Python 3 with venv', 'python3', '-c', 'import venv, ensurepip');

export interface Folder {
  directory: string;
  /** Installs Python packages. */
  python(...packages: string[]): Promise<void>;
  /** The output of a command. @throws When it fails, with all its output. */
  run(
    file: string,
    parameters: readonly string[],
    options?: { cwd?: string; env?: NodeJS.ProcessEnv },
  ): Promise<string>;
  /** Starts a server. Resolves when it answers at the URL. It ends with the folder. */
  serve(file: string, parameters: readonly string[], url: string): Promise<void>;
  /** Ends the servers and removes the folder. */
  remove(): Promise<void>;
}

export function newFolder(): Folder {
  const directory = mkdtempSync(join(tmpdir(), 'provider-health-emulated-'));
  const servers: ChildProcess[] = [];
  const start: Folder['run'] = async (file, parameters, options = {}) => {
    try {
      const { stdout, stderr } = await run(file, parameters, { cwd: directory, maxBuffer: OUTPUT_LIMIT, ...options });
      return stdout + stderr;
    } catch (error) {
      const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
      throw new Error(`${message}\n${stdout}\n${stderr}`);
    }
  };
  return {
    directory,
    run: start,
    async python(...packages) {
      await start('python3', ['-m', 'venv', 'venv']);
      await start('venv/bin/pip', ['install', '--quiet', ...packages]);
    },
    async serve(file, parameters, url) {
      const server = spawn(file, parameters, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
      servers.push(server);
      let errors = '';
      server.stderr.setEncoding('utf8').on('data', (chunk) => {
        errors += chunk;
      });
      while (!(await answers(url))) {
        if (server.exitCode !== null) throw new Error(`${file}: expected a server at ${url}, it ended\n${errors}`);
        await delay(200);
      }
    },
    async remove() {
      await Promise.all(
        servers.map(async (server) => {
          if (server.exitCode !== null) return;
          const ended = once(server, 'exit');
          server.kill();
          await ended;
        }),
      );
      rmSync(directory, { recursive: true });
    },
  };
}

/** Any answer at all, an error of the service too. */
async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** A port of 127.0.0.1 that nothing listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts an emulated AWS, which ends with the folder. Its URL. */
export async function startAws(folder: Folder): Promise<string> {
  await folder.python('moto[server]==5.2.5');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await folder.serve('venv/bin/python', [join(ROOT, 'test/emulated/aws-server.py'), String(port)], `${url}/stand-ins`);
  return url;
}
