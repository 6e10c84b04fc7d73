/** Problems of a reader: why statuses could not be read or understood. They are safe to log. */

/**
 * `slow`: no answer in time. `unreachable`: no answer, or the service failed. `throttled`: the service limits requests.
 * `denied`: the credentials are refused. `missing`: the table or route does not exist. `not_ours`: another table or service
 * answered. `malformed`: statuses cannot be understood. `no_package`: a required package is not installed. `unmonitored`: the
 * monitor knows none of the reader's providers. `bad_selection`: the selection of this call is wrong, and was ignored.
 */
export type ReaderProblemCode =
  | 'slow'
  | 'unreachable'
  | 'throttled'
  | 'denied'
  | 'missing'
  | 'not_ours'
  | 'malformed'
  | 'no_package'
  | 'unmonitored'
  | 'bad_selection';

/** The problems of a read. */
type ReadProblemCode = Exclude<ReaderProblemCode, 'bad_selection'>;

export interface ReaderProblem {
  code: ReaderProblemCode;
  /** For people: what was expected, what was got, what to do. Without secrets and ARNs. */
  message: string;
}

/** For each problem: advice, and the names, codes or statuses of errors that mean it. Texts of errors do not count. */
const KINDS: Readonly<Record<ReadProblemCode, readonly [advice: string, names?: RegExp]>> = {
  missing: ['Check name, region or URL.', /^(ResourceNotFound|HTTP 404)/],
  throttled: ['The reader tries again.', /^(Throttl|ProvisionedThroughput|RequestLimit|HTTP 429)/],
  denied: [
    'Check the credentials and their rights.',
    /^(AccessDenied|HTTP 40[13])|Token|Signature|UnrecognizedClient|Credentials/,
  ],
  not_ours: ['Set the table or URL of the monitor.', /^(Validation|Syntax|other JSON)/],
  no_package: ['Set AWS_REGION and credentials, or install @aws-sdk/client-dynamodb.', /MODULE_NOT_FOUND/],
  slow: ['The reader uses them when they arrive.', /^(Timeout|Abort)/],
  unreachable: ['Check network, and region or URL.'],
  malformed: ['Update this reader to the release of the monitor.'],
  unmonitored: ['Check the ids, and which monitor is read.'],
};

/** @param mistake What is wrong with the selection. */
export function selectionProblem(mistake: string): ReaderProblem {
  const advice = "The reader ignored the whole selection. Write, for example, { strategy: 'best', only: ['openai'] }.";
  return { code: 'bad_selection', message: `${mistake} ${advice}` };
}

export function problem(code: ReadProblemCode, got: string): ReaderProblem {
  return { code, message: `Expected statuses, got ${got}. ${KINDS[code][0]}` };
}

/** The problem for the error of a read. */
export function problemOf(error: unknown): ReaderProblem {
  const { name, code, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: { code?: unknown } };
  // fetch has the code in the cause. The error's text is not used, because it may quote a secret.
  const got = String(cause?.code ?? code ?? name);
  const kind = Object.entries(KINDS).find(([, [, names]]) => names?.test(got))?.[0] ?? 'unreachable';
  return problem(kind as ReadProblemCode, got);
}

/** The default of `onProblem`. It logs each code once, so that a table that is down does not fill the log. */
export function warnOnce(): (problem: ReaderProblem) => void {
  const logged = new Set<ReaderProblemCode>();
  return ({ code, message }) => {
    if (logged.has(code)) return;
    logged.add(code);
    console.warn(JSON.stringify({ level: 'warn', message: `provider-health reader: ${message}`, code }));
  };
}

/** An error with only a name. */
export function failed(name: string): Error {
  return Object.assign(new Error(name), { name });
}
