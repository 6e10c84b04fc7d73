/** `npm run -s status`: what is believed of the providers now, from the table or the API, once or again and again. */

import { setTimeout as sleep } from 'node:timers/promises';
import { parseStatusOptions, type StatusOptions, USAGE } from '../lib/cli/status/options.ts';
import { areAllUsable, reportOf } from '../lib/cli/status/report.ts';
import { openSource, type StatusSource, UnreadableError } from '../lib/cli/status/source.ts';

const ALL_USABLE = 0;
const SOME_UNUSABLE = 1;
const MISUSED = 2;
const UNREADABLE = 3;
/** What shells give for a bug of the program (EX_SOFTWARE). */
const BROKEN = 70;
/** To the first column of the first line, and everything after it away: without the flicker of a cleared screen. */
const HOME = '\u001b[H';
const CLEAR_REST = '\u001b[J';
const CLEAR_LINE_REST = '\u001b[K';
const CLEAR_ALL = '\u001b[2J';

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error('status:', error);
  return BROKEN;
});

async function main(args: readonly string[]): Promise<number> {
  const command = parseStatusOptions(args);
  switch (command.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return ALL_USABLE;
    case 'misused':
      process.stderr.write(`${command.mistakes.join('\n')}\n\n${USAGE}`);
      return MISUSED;
    case 'status':
      return show(command.options);
    default: {
      const never: never = command;
      return never;
    }
  }
}

async function show(options: StatusOptions): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  let source: StatusSource | undefined;
  try {
    source = openSource(options.target, process.env);
    return options.watchSeconds === null
      ? await showOnce(source, options, stopping.signal)
      : await watch(source, options, options.watchSeconds, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return SOME_UNUSABLE;
    if (!(error instanceof UnreadableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return UNREADABLE;
  } finally {
    source?.close();
  }
}

async function showOnce(source: StatusSource, options: StatusOptions, signal: AbortSignal): Promise<number> {
  const { text, usable } = await view(source, options, signal);
  process.stdout.write(text);
  return usable ? ALL_USABLE : SOME_UNUSABLE;
}

/** Until Ctrl-C. What cannot be read now is said, and tried again. @returns The status as last seen. */
async function watch(
  source: StatusSource,
  options: StatusOptions,
  everySeconds: number,
  signal: AbortSignal,
): Promise<number> {
  const isScreen = process.stdout.isTTY && !options.json;
  let status = UNREADABLE;
  if (isScreen) process.stdout.write(CLEAR_ALL);
  while (!signal.aborted) {
    try {
      const { text, usable } = await view(source, options, signal);
      status = usable ? ALL_USABLE : SOME_UNUSABLE;
      const screen = `${text}\nEvery ${everySeconds} s. Ctrl-C ends it.\n`.replaceAll('\n', `${CLEAR_LINE_REST}\n`);
      process.stdout.write(isScreen ? `${HOME}${screen}${CLEAR_REST}` : text);
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof UnreadableError)) throw error;
      status = UNREADABLE;
      process.stderr.write(`${error.message}\n`);
    }
    await sleep(everySeconds * 1000, undefined, { signal }).catch(() => {});
  }
  return status;
}

async function view(source: StatusSource, { tag, json, watchSeconds }: StatusOptions, signal: AbortSignal) {
  const { now, ...read } = await source.read(signal);
  const statuses = read.statuses.filter(({ tags }) => tag === null || tags.includes(tag));
  const unreadable = tag === null ? read.unreadable : [];
  const usable = areAllUsable(statuses, unreadable);
  if (json) return { usable, text: `${JSON.stringify(statuses, null, watchSeconds === null ? 2 : 0)}\n` };
  const colour = process.stdout.isTTY && process.stdout.hasColors();
  const width = process.stdout.isTTY ? process.stdout.columns : null;
  return { usable, text: reportOf(statuses, unreadable, { now, colour, width }) };
}
