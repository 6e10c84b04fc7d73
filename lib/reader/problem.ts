/** Why the statuses could not be read or understood, in a form that is safe to log. */

/**
 * `slow`: no answer within the time. `unreachable`: no answer, or a failing service. `throttled`, `denied`: what it says.
 * `missing`: no such table or route. `not_ours`: another table or service. `malformed`: statuses that cannot be
 * understood. `no_package`: a package that this form needs is not installed. `unmonitored`: the monitor knows none of
 * the reader's providers. `bad_selection`: the selection of this call is not valid, and was left out.
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

export interface ReaderProblem {
  code: ReaderProblemCode;
  /** For people: what was expected, what was got, what to do. Without secrets and ARNs. */
  message: string;
}

/** What to do, and the errors that mean it, by their name or code, or the status of an answer; never by their text. */
const KINDS: Readonly<Record<ReaderProblemCode, readonly [advice: string, names?: RegExp]>> = {
  missing: ['Check name, region or URL.', /^(ResourceNotFound|HTTP 404)/],
  throttled: ['It is tried again.', /^(Throttl|ProvisionedThroughput|RequestLimit|HTTP 429)/],
  denied: [
    'Check the credentials and their rights.',
    /^(AccessDenied|HTTP 40[13])|Token|Signature|UnrecognizedClient|Credentials/,
  ],
  not_ours: ['Give the table or URL of the monitor.', /^(Validation|Syntax|other JSON)/],
  no_package: ['Set AWS_REGION and credentials, or install @aws-sdk/client-dynamodb.', /MODULE_NOT_FOUND/],
  slow: ['They are used when they come.', /^(Timeout|Abort)/],
  unreachable: ['Check network, and region or URL.'],
  malformed: ['Update this reader to the release of the monitor.'],
  unmonitored: ['Check the ids, and which monitor is read.'],
  bad_selection: ['It was left out: write { only: [ids] } or the like.'],
};

export function problem(code: ReaderProblemCode, got: string): ReaderProblem {
  return { code, message: `Expected statuses, got ${got}. ${KINDS[code][0]}` };
}

/** The problem that made a read fail. */
export function problemOf(error: unknown): ReaderProblem {
  const { name, code, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: { code?: unknown } };
  // fetch hides the code of what failed in the cause; what text an error has may quote a secret.
  const got = String(cause?.code ?? code ?? name);
  const kind = Object.entries(KINDS).find(([, [, names]]) => names?.test(got))?.[0] ?? 'unreachable';
  return problem(kind as ReaderProblemCode, got);
}

/** The default of `onProblem`: one line in the log for each code, so that a table that is down does not fill it. */
export function warnOnce(): (problem: ReaderProblem) => void {
  const logged = new Set<ReaderProblemCode>();
  return ({ code, message }) => {
    if (logged.has(code)) return;
    logged.add(code);
    console.warn(JSON.stringify({ level: 'warn', message: `provider-health reader: ${message}`, code }));
  };
}

/** An error that says nothing but its name. */
export function failed(name: string): Error {
  return Object.assign(new Error(name), { name });
}
