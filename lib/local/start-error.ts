/** The error of a local monitor that could not start, for the person at the terminal. */

/** Exit status for a wrong command line or configuration. */
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
