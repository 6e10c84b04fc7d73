/** Asks a host that never fails whether the monitor's own network works. Which hosts, and when, is the checker's. */

import { connect } from 'node:net';

/**
 * Whether a TCP connection to the witness comes to be.
 *
 * @param witness `host:port`, such as `one.one.one.one:443`.
 */
export function witnessAnswers(witness: string, timeoutMs: number): Promise<boolean> {
  const separator = witness.lastIndexOf(':');
  const host = witness.slice(0, separator).replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(witness.slice(separator + 1)) });
    const timer = setTimeout(() => settle(false), timeoutMs);
    const settle = (answers: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
