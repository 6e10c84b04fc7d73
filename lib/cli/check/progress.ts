/** Shows the number of finished probes in one line of the terminal, and clears it at the end. */

import type { WriteStream } from 'node:tty';

const CLEAR_LINE = '\r\u001b[2K';

/** Shows nothing where the stream is not a terminal, so that logs stay clean. */
export function showProgress(stream: WriteStream, total: number): { step: () => void; end: () => void } {
  const show = (text: string) => void (stream.isTTY && stream.write(`${CLEAR_LINE}${text}`));
  let done = 0;
  const count = () => show(`${done} of ${total} answered`);
  count();
  return {
    step: () => {
      done += 1;
      count();
    },
    end: () => show(''),
  };
}
