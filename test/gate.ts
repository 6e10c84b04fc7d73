/**
 * `npm test`: types, lint, unused code and all tests at the same time, since the tests sometimes leave the cores idle.
 * A check that fails ends the tests, so that its output is printed last. Arguments go to vitest.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

const CHECKS = ['types', 'lint', 'unused'];

const tests = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
const statuses = await Promise.all([statusOf(tests), ...CHECKS.map(check)]);
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;

async function check(name: string): Promise<number> {
  const child = spawn('npm', ['run', '-s', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  const outputs = Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  const status = await statusOf(child);
  if (status === 0) return 0;
  // Vitest finishes its lines before it ends.
  tests.kill('SIGINT');
  await statusOf(tests);
  console.error(`npm run ${name}: exit status ${status}`);
  for (const output of await outputs) process.stderr.write(output);
  return status;
}

/** Its exit status; 1 when a signal ended it. */
async function statusOf(child: ChildProcess): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? 1;
}
