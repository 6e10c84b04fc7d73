/** Why the local monitor could not start, for the person at the terminal. */

/** Exit status of a program that was called wrongly: its command line or its configuration has to be changed. */
export const MISUSED = 2;

export class StartError extends Error {
  override readonly name = 'StartError';
  /** 2 when the command line or the configuration is wrong, else 1. */
  readonly exitStatus: 1 | typeof MISUSED;

  /** @param message What was expected, what was found, and what to do. */
  constructor(message: string, exitStatus: StartError['exitStatus'], options?: ErrorOptions) {
    super(message, options);
    this.exitStatus = exitStatus;
  }
}
