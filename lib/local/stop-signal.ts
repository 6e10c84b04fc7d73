/** Waits for the signal to stop, and limits how long stopping may take. */

import type { Lines } from './lines.ts';

/** npm passes Ctrl-C on to a process that also gets it from the terminal. Two signals within this time count as one. */
const SAME_CTRL_C_MS = 500;
/** As in shells: 128 plus the number of SIGINT. */
const INTERRUPTED = 130;
/** The process promises to end within 5 s. */
const LATEST_END_MS = 4500;
const ENDED_UNCLEAN = 1;

/** Resolves at the first Ctrl-C or SIGTERM. A later one ends the process at once. */
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
 * Ends the process after 4.5 s if something is still open, for example because the table does not answer. This loses no
 * more than a crash, and the next start makes up for it.
 */
export function exitAtTheLatest(lines: Lines): void {
  const timer = setTimeout(() => {
    lines.err(
      `stop: expected everything to end within ${LATEST_END_MS / 1000} s, but the table or a provider does not answer. ` +
        'The process ends now; the next start makes up for what was not recorded or sent.',
    );
    process.exit(ENDED_UNCLEAN);
  }, LATEST_END_MS);
  timer.unref();
}
