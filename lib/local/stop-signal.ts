/** When the person at the terminal, or who runs the process, wants it to stop. */

/** npm hands Ctrl-C on to a process that had it from the terminal already: within this time, two are one. */
const SAME_CTRL_C_MS = 500;
/** 128 and the number of SIGINT, as shells have it. */
const INTERRUPTED = 130;

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
