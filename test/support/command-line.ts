/**
 * The command line as the package has it, built once for each process of tests: it starts in a third of the CPU that the
 * sources take. It lies below the project, where it finds what the package depends on.
 */

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommandLine } from '../../lib/build/command-line.ts';

/** A folder for each process, by its id. */
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/provider-health', import.meta.url));

let program: string | null = null;

/** Path of the program, for Node. */
export function commandLine(): string {
  if (program === null) {
    program = buildCommandLine(join(FOLDER, String(process.pid)));
    // Processes of tests end without a word, so the next one removes what they leave.
    for (const pid of readdirSync(FOLDER)) if (!isRunning(Number(pid))) rmSync(join(FOLDER, pid), { recursive: true });
  }
  return program;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
