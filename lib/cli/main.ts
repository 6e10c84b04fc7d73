/** `provider-health COMMAND`: finds the command and runs it. The code of a command is loaded only when it is used. */

import { type Command, EXIT, help } from './command.ts';

const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<{ command: Command }> }>> = {
  start: {
    summary: 'monitor providers on this machine, with a status page',
    load: () => import('./start/command.ts'),
  },
  check: { summary: 'probe every provider of a configuration once', load: () => import('./check/command.ts') },
  status: { summary: 'show the status of every provider of a monitor', load: () => import('./status/command.ts') },
  select: {
    summary: 'print the provider to use now, and the order of the rest',
    load: () => import('./select/command.ts'),
  },
  'copy-history': {
    summary: 'copy the history of a local monitor into a deployed one',
    load: () => import('./copy-history/command.ts'),
  },
  'alert-test': { summary: 'send a test message to each alert channel', load: () => import('./alert-test/command.ts') },
};

const USAGE = `Usage: provider-health COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}`)
  .join('\n')}

provider-health COMMAND --help lists the options of a command; --version prints the version.

Exit status: 0 all is well, 1 something is not, 2 the command line or the configuration is wrong,
3 the monitor cannot be read, 70 a bug.
`;

/** @returns The exit status. */
export async function main([name, ...args]: readonly string[], version: string): Promise<number> {
  // The SDK's warning about old Node versions concerns deployed code, and that runs on Node 24.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  // The reader of a pipe may close it early, as `head` does. That is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.closed);
    throw error;
  });
  if (name === '--help' || name === '-h' || name === 'help') return help(USAGE);
  if (name === '--version') return help(`${version}\n`);
  const found = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!found) {
    const got = name === undefined ? 'none' : `"${name}"`;
    process.stderr.write(`Expected a command: ${Object.keys(COMMANDS).join(', ')}; got ${got}.\n\n${USAGE}`);
    return EXIT.misused;
  }
  try {
    const { command } = await found.load();
    return await command.run(args);
  } catch (error) {
    console.error(`${name}:`, error);
    return EXIT.bug;
  }
}
