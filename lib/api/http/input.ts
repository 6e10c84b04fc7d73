/** Reads the parameters and the body of a request. A refusal lists every mistake with the name of its field. */

import type { HonoRequest } from 'hono';
import type * as z from 'zod';
import { MAX_JSON_DEPTH, readJsonText } from '../../base/json.ts';
import { badRequest, type FieldIssue, Problem } from './problem.ts';

export const JSON_MEDIA = 'application/json';

/** The most characters of a wrong value that the answer repeats. */
const QUOTED_LENGTH = 60;

/** Zod compiles a parser when a schema is first used: tens of milliseconds of a cold function, for a few short fields. */
const UNCOMPILED = { jitless: true } as const;

/** @throws {Problem} `bad_request` */
export function readFields<T extends z.ZodObject>(schema: T, fields: Readonly<Record<string, string>>): z.output<T> {
  const result = schema.safeParse(fields, UNCOMPILED);
  if (result.success) return result.data;
  throw badRequest(result.error.issues.flatMap((issue) => issuesOf(issue, schema, fields)));
}

function issuesOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  fields: Readonly<Record<string, string>>,
): FieldIssue[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape);
    const expected = known.length === 0 ? 'there are no parameters here' : `expected one of ${known.join(', ')}`;
    return issue.keys.map((field) => ({ field, message: `unknown parameter; ${expected}` }));
  }
  const field = String(issue.path[0] ?? '');
  return [{ field, message: `${issue.message}; got ${quoted(fields[field])}` }];
}

/**
 * Parses a body by a schema. Messages repeat nothing of the body, since it may hold secrets.
 *
 * @throws {Problem} `bad_request`
 */
export function readObject<T extends z.ZodObject>(schema: T, body: Readonly<Record<string, unknown>>): z.output<T> {
  const result = schema.safeParse(body, UNCOMPILED);
  if (result.success) return result.data;
  throw badRequest(
    result.error.issues.flatMap((issue): FieldIssue[] => {
      if (issue.code !== 'unrecognized_keys') return [{ field: String(issue.path[0] ?? ''), message: issue.message }];
      const known = Object.keys(schema.shape).join(', ');
      return issue.keys.map((field) => ({ field, message: `unknown field; expected one of ${known}` }));
    }),
  );
}

/** @throws {Problem} `bad_request` for a parameter that is given twice, since either value would be a guess. */
export function single(queries: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const entries = Object.entries(queries);
  const repeated = entries.filter(([, values]) => values.length > 1);
  if (repeated.length > 0) {
    throw badRequest(repeated.map(([field, { length }]) => ({ field, message: `expected once, got ${length} times` })));
  }
  return Object.fromEntries(entries.map(([field, [value = '']]) => [field, value]));
}

/**
 * Reads the JSON object in a request's body. Messages repeat nothing of the body, since it may hold secrets.
 *
 * @throws {Problem} `unsupported_media_type`, `bad_request`
 */
export async function readBody(request: HonoRequest): Promise<Readonly<Record<string, unknown>>> {
  const media = request.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (media !== JSON_MEDIA) {
    throw new Problem(
      'unsupported_media_type',
      `Expected the header Content-Type: ${JSON_MEDIA}, got ${quoted(media)}.`,
    );
  }
  const read = readJsonText(await request.text());
  if (!read.ok) throw badRequest([{ field: '', message: UNREADABLE_BODY[read.reason] }]);
  const body = read.value;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw badRequest([{ field: '', message: `expected a JSON object as the body, got ${kindOf(body)}` }]);
}

const UNREADABLE_BODY = {
  not_json: 'expected a JSON object as the body, got something that is not JSON',
  too_deep: `expected a body of at most ${MAX_JSON_DEPTH} levels of brackets, got more`,
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

function quoted(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  const characters = [...value];
  const cut = characters.length > QUOTED_LENGTH ? `${characters.slice(0, QUOTED_LENGTH).join('')}…` : value;
  return JSON.stringify(cut);
}
