/** What each command of `provider-health` is, and the exit statuses that all of them share. */

export interface Command {
  /** Runs it. @returns The exit status. */
  run(args: readonly string[]): Promise<number>;
}

export const EXIT = {
  /** All is well. */
  ok: 0,
  /** What was looked at is not well. */
  notWell: 1,
  /** The command line or the configuration is wrong. */
  misused: 2,
  /** The monitor cannot be read. */
  unreadable: 3,
  /** What shells give for a bug of the program (EX_SOFTWARE). */
  bug: 70,
  /** 128 and the numbers of SIGINT and SIGPIPE, as shells have it. */
  interrupted: 130,
  closed: 141,
} as const;

/** What a command line asks for. */
export type Parsed<Options> =
  | { kind: 'run'; options: Options }
  | { kind: 'help' }
  | { kind: 'misused'; mistakes: string[] };

/** A command that reads its whole command line before it does anything. */
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

/** Prints what `--help` asks for. */
export function help(usage: string): number {
  process.stdout.write(usage);
  return EXIT.ok;
}

/** Says what is wrong with the command line, each mistake in a line, and how to write it. */
function misused(mistakes: readonly string[], usage: string): number {
  process.stderr.write(`${mistakes.join('\n')}\n\n${usage}`);
  return EXIT.misused;
}

/** Whether stdout shows colours, by the terminal and its settings (`NO_COLOR`). */
export function hasColours(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors();
}
