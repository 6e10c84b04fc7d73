/** The log of the functions: one JSON object a line. */

import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Log } from '../../lib/base/log.ts';

/**
 * Characters that JSON does not escape: control characters that a terminal obeys, line separators, invisible
 * characters, and marks that change the order of a text in a console.
 */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

const logger = new Logger({
  serviceName: 'provider-health',
  jsonReplacerFn: (_key, value: unknown) => (typeof value === 'string' ? value.replace(UNSAFE, escapeOf) : value),
});

export const log: Log = {
  info: (message, fields = {}) => logger.info(message, fields),
  warn: (message, fields = {}) => logger.warn(message, fields),
  error: (message, fields = {}) => logger.error(message, fields),
};

/** Puts the invocation's request id into every line from here on. */
export function logInvocation(context: Context): void {
  logger.addContext(context);
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
