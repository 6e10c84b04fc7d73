/** `start`: the local monitor, until Ctrl-C. */

import type { Lines } from '../../local/lines.ts';
import { StartError } from '../../local/start-error.ts';
import { exitAtTheLatest, stopSignal } from '../../local/stop-signal.ts';
import { type Command, EXIT, hasColours, help, misused } from '../command.ts';
import { parseStartOptions, type StartOptions, USAGE } from './options.ts';

export const command: Command = {
  async run(args) {
    const parsed = parseStartOptions(args);
    switch (parsed.kind) {
      case 'help':
        return help(USAGE);
      case 'misused':
        return misused(parsed.mistakes, USAGE);
      case 'start':
        return start(parsed.options);
      default: {
        const never: never = parsed;
        return never;
      }
    }
  },
};

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

/**
 * The embedded DynamoDB and the SDK weigh 25 packages and 20 MB, and no other command needs them: they are optional peers
 * of the package.
 */
async function loadMonitor() {
  try {
    return await import('../../local/monitor.ts');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = /'((@[\w-]+\/)?[\w-]+)'/.exec(message)?.[1];
    if (code !== 'ERR_MODULE_NOT_FOUND' || missing === undefined) throw error;
    throw new StartError(
      `start: expected the package ${missing}, which is not installed: the local monitor keeps its statuses in an embedded ` +
        'DynamoDB. Write npm install dynalite @aws-sdk/client-dynamodb @aws-sdk/lib-dynamodb, or npx -p provider-health ' +
        '-p dynalite -p @aws-sdk/client-dynamodb -p @aws-sdk/lib-dynamodb provider-health start',
      1,
      { cause: error },
    );
  }
}
