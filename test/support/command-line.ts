/**
 * The command line as the package has it, built once for each process of tests: it starts with a third of the CPU that
 * the sources need. It is in a folder of the project, where it finds the package's dependencies.
 */

import { type ChildProcess, execFile } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommandLine } from '../../lib/build/command-line.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A folder for each process, by its id. */
const FOLDER = join(ROOT, 'node_modules/.cache/provider-health');

let program: string | null = null;

/** Path of the program, for Node. */
export function commandLine(): string {
  if (program === null) {
    program = buildCommandLine(join(FOLDER, String(process.pid)));
    // Test processes end without a cleanup, so the next one removes their files.
    for (const pid of readdirSync(FOLDER)) {
      if (!isRunning(Number(pid))) rmSync(join(FOLDER, pid), { recursive: true, force: true });
    }
  }
  return program;
}

export interface EndedCommand {
  /** Null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command to its end, with any exit status.
 *
 * @param env Default: that of the tests.
 * @param started Is given the child, to interrupt it.
 */
export function runCommandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  started: (child: ChildProcess) => void = () => {},
): Promise<EndedCommand> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [commandLine(), ...args],
      { cwd: ROOT, env, maxBuffer: 2 ** 24 },
      (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
    started(child);
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
