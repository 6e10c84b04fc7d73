/** When the process is asked to stop, and the latest moment at which it then ends. */

import type { Lines } from './lines.ts';

/** npm hands Ctrl-C on to a process that had it from the terminal already: within this time, two are one. */
const SAME_CTRL_C_MS = 500;
/** 128 and the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;
/** The process promises to end within 5 s. */
const LATEST_END_MS = 4500;
const ENDED_UNCLEAN = 1;

/** Resolves at the first Ctrl-C or SIGTERM. A later one does not wait for the clean end. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const onSignal = () => {
      firstAt ??= performance.now();
      resolve();
      if (performance.now() - firstAt > SAME_CTRL_C_MS) process.exit(INTERRUPTED);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

/**
 * Ends the process when something is still open 4.5 s from now, such as a table that does not answer. Nothing is lost by
 * it that a crash would not lose: the next start makes up for it.
 */
export function exitAtTheLatest(lines: Lines): void {
  const timer = setTimeout(() => {
    lines.err(
      `stop: expected everything to end within ${LATEST_END_MS / 1000} s, got something that does not (the table, or a ` +
        'provider). The process ends all the same; the next start makes up for what was not recorded or sent.',
    );
    process.exit(ENDED_UNCLEAN);
  }, LATEST_END_MS);
  timer.unref();
}
