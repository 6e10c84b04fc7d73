/** `start`: the local monitor, until Ctrl-C. */

import type { Lines } from '../../local/lines.ts';
import { StartError } from '../../local/start-error.ts';
import { exitAtTheLatest, stopSignal } from '../../local/stop-signal.ts';
import { commandOf, EXIT, hasColours } from '../command.ts';
import { parseStartOptions, type StartOptions, USAGE } from './options.ts';

export const command = commandOf(USAGE, parseStartOptions, start);

async function start({ json, ...settings }: StartOptions): Promise<number> {
  const print = (value: object) => void process.stdout.write(`${JSON.stringify(value)}\n`);
  const lines: Lines = {
    out: (text) => void (json || process.stdout.write(`${text}\n`)),
    err: (text) => void process.stderr.write(`${text}\n`),
    colour: hasColours(),
  };
  try {
    const { startLocalMonitor } = await loadMonitor();
    const monitor = await startLocalMonitor(settings, {
      lines,
      onChecker(checker) {
        if (json) checker.on('transition', (transition) => print({ event: 'transition', ...transition }));
      },
    });
    if (json) {
      const { url, dynamodbEndpoint, tableName, credentialsFile } = monitor;
      print({ event: 'started', url, dynamodbEndpoint, tableName, credentialsFile });
    }
    await stopSignal();
    lines.out('Stopping.');
    exitAtTheLatest(lines);
    await monitor.stop();
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    lines.err(error.message);
    return error.exitStatus;
  }
}

/** The embedded DynamoDB is an optional peer dependency: it brings 25 packages that hardly any other command needs. */
async function loadMonitor() {
  try {
    return await import('../../local/monitor.ts');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = /'((@[\w-]+\/)?[\w-]+)'/.exec(message)?.[1];
    if (code !== 'ERR_MODULE_NOT_FOUND' || missing === undefined) throw error;
    throw new StartError(
      `start: expected the package ${missing}, which is not installed: the local monitor keeps its statuses in an embedded ` +
        'DynamoDB. Write npm install dynalite, or npx -p provider-health -p dynalite provider-health start',
      1,
      { cause: error },
    );
  }
}
