/** `npm start`: the local monitor, until Ctrl-C. */

import { parseCommandLine, USAGE } from '../lib/cli/start/options.ts';
import type { Lines } from '../lib/local/lines.ts';
import { startLocalMonitor } from '../lib/local/monitor.ts';
import { StartError } from '../lib/local/start-error.ts';
import { exitAtTheLatest, stopSignal } from '../lib/local/stop-signal.ts';

// Its advice to update Node is for who deploys, and what is deployed runs on Node 24.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const lines: Lines = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
};

try {
  const settings = parseCommandLine(process.argv.slice(2));
  if (settings === 'help') {
    lines.out(USAGE);
  } else {
    const monitor = await startLocalMonitor(settings, { lines });
    await stopSignal();
    lines.out('Stopping.');
    exitAtTheLatest(lines);
    await monitor.stop();
  }
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  lines.err(error.message);
  process.exitCode = error.exitStatus;
}
