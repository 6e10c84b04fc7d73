/** The interface of the commands of `provider-health`, and their exit statuses. */

export interface Command {
  /** Runs the command. @returns The exit status. */
  run(args: readonly string[]): Promise<number>;
}

export const EXIT = {
  /** Everything is well. */
  ok: 0,
  /** The command worked, but not everything is well: a provider is down, or a channel failed. */
  notWell: 1,
  /** The command line or the configuration is wrong. */
  misused: 2,
  /** The statuses of the monitor cannot be read. */
  unreadable: 3,
  /** A bug of this program (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  /** As in shells: 128 plus the number of SIGINT or SIGPIPE. */
  interrupted: 130,
  closed: 141,
} as const;

/** A parsed command line. */
export type Parsed<Options> =
  | { kind: 'run'; options: Options }
  | { kind: 'help' }
  | { kind: 'misused'; mistakes: string[] };

/** Makes a command that parses its whole command line before it does anything. */
export function commandOf<Options>(
  usage: string,
  parse: (args: readonly string[]) => Parsed<Options>,
  run: (options: Options) => Promise<number>,
): Command {
  return {
    async run(args) {
      const parsed = parse(args);
      switch (parsed.kind) {
        case 'help':
          return help(usage);
        case 'misused':
          return misused(parsed.mistakes, usage);
        case 'run':
          return run(parsed.options);
        default: {
          const never: never = parsed;
          return never;
        }
      }
    },
  };
}

/** Prints the usage on stdout, for `--help`. */
export function help(usage: string): number {
  process.stdout.write(usage);
  return EXIT.ok;
}

/** Prints the mistakes of the command line, one a line, and the usage. */
function misused(mistakes: readonly string[], usage: string): number {
  process.stderr.write(`${mistakes.join('\n')}\n\n${usage}`);
  return EXIT.misused;
}

/** Whether stdout is a terminal with colours (`NO_COLOR` switches them off). */
export function hasColours(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors();
}
