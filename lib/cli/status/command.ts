/** `status`: prints the statuses of all providers, from the table or the API, once or repeatedly. */

import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, EXIT, hasColours } from '../command.ts';
import { openSource, type StatusSource, UnreadableError } from '../monitor/source.ts';
import { parseStatusOptions, type StatusOptions, USAGE } from './options.ts';
import { areAllUsable, reportOf } from './report.ts';

/** Terminal codes. The watch overwrites the screen line by line, since clearing it first would flicker. */
const HOME = '\u001b[H';
const CLEAR_REST = '\u001b[J';
const CLEAR_LINE_REST = '\u001b[K';
const CLEAR_ALL = '\u001b[2J';

export const command = commandOf(USAGE, parseStatusOptions, show);

async function show(options: StatusOptions): Promise<number> {
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  let source: StatusSource | undefined;
  try {
    source = await openSource(options.target, process.env);
    return options.watchSeconds === null
      ? await showOnce(source, options, stopping.signal)
      : await watch(source, options, options.watchSeconds, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return EXIT.interrupted;
    if (!(error instanceof UnreadableError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.unreadable;
  } finally {
    source?.close();
  }
}

async function showOnce(source: StatusSource, options: StatusOptions, signal: AbortSignal): Promise<number> {
  const { text, usable } = await view(source, options, signal);
  process.stdout.write(text);
  return usable ? EXIT.ok : EXIT.notWell;
}

/**
 * Prints the report again and again until Ctrl-C. A read that fails is reported and retried.
 *
 * @returns The exit status of the last report.
 */
async function watch(
  source: StatusSource,
  options: StatusOptions,
  everySeconds: number,
  signal: AbortSignal,
): Promise<number> {
  const isScreen = process.stdout.isTTY && !options.json;
  let status: number = EXIT.unreadable;
  if (isScreen) process.stdout.write(CLEAR_ALL);
  while (!signal.aborted) {
    try {
      const { text, usable } = await view(source, options, signal);
      status = usable ? EXIT.ok : EXIT.notWell;
      const screen = `${text}\nEvery ${everySeconds} s. Ctrl-C ends it.\n`.replaceAll('\n', `${CLEAR_LINE_REST}\n`);
      process.stdout.write(isScreen ? `${HOME}${screen}${CLEAR_REST}` : text);
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof UnreadableError)) throw error;
      status = EXIT.unreadable;
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
  const { isTTY, columns, rows } = process.stdout;
  // Below the report, the watch needs three lines: a blank one, its own text, and the cursor's.
  const height = isTTY && watchSeconds !== null ? Math.max(1, rows - 3) : null;
  const screen = { now, colour: hasColours(), width: isTTY ? columns : null, height };
  return { usable, text: reportOf(statuses, unreadable, screen) };
}
