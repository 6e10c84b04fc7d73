/** The OpenAPI document, made from the routes that are served and the schemas that they are held to. */

import { STATUS_CODES } from 'node:http';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { PROBLEM_MEDIA, PROBLEMS, type ProblemCode } from '../http/problem.ts';
import type { Route } from '../http/route.ts';
import { problemAnswer } from './answers.ts';

/** Version of the contract, not of the program. */
const API_VERSION = '1.0.0';

/** Problems that any route can have. */
const ALWAYS: readonly ProblemCode[] = ['answer_too_large', 'internal', 'store_unavailable'];

/** @param serverUrl The path that the routes lie under. */
export function openApiDocument(routes: readonly Route[], serverUrl: string): Record<string, unknown> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    item[route.method.toLowerCase()] = operationOf(route);
    paths[route.path] = item;
  }
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Provider Health',
        version: API_VERSION,
        description:
          'The health of LLM API providers. Times are ISO 8601 UTC. Answers may gain fields: ignore those that you do not know.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: serverUrl }],
      tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
      paths,
    },
    { override },
  ) as unknown as Record<string, unknown>;
}

/**
 * Answers may gain fields, so the schemas allow unknown ones (tests are strict all the same). A date-time
 * needs no pattern beside its format, nor an integer the bounds of a double.
 */
const override: ZodOpenApiOverride = ({ jsonSchema, io }) => {
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
};

function operationOf(route: Route): ZodOpenApiOperationObject {
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.group],
    requestParams: { path: route.pathSchema, ...(route.querySchema && { query: route.querySchema }) },
    ...(route.bodySchema && {
      requestBody: { required: true, content: { 'application/json': { schema: route.bodySchema } } },
    }),
    responses: { ...goodResponses(route), ...problemResponses(route) },
  };
}

function goodResponses({ statuses, media, answerSchema, exports }: Route): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  const exported = Object.fromEntries(exports.map((one) => [mediaType(one), { schema: { type: 'string' as const } }]));
  for (const [status, description] of Object.entries(statuses)) {
    const content = status === '204' ? {} : { content: { [mediaType(media)]: { schema: answerSchema }, ...exported } };
    responses[status as `${1 | 2}${string}`] = { description, ...content };
  }
  return responses;
}

function problemResponses(route: Route): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  const codes = new Map<number, ProblemCode[]>();
  for (const code of problemCodesOf(route)) codes.set(PROBLEMS[code], [...(codes.get(PROBLEMS[code]) ?? []), code]);
  for (const [status, meanings] of codes) {
    responses[String(status) as `${4 | 5}${string}`] = {
      description: `${STATUS_CODES[status]}: ${meanings.join(', ')}`,
      content: { [PROBLEM_MEDIA]: { schema: problemAnswer } },
    };
  }
  return responses;
}

/** Every problem that this route can answer. */
export function problemCodesOf(route: Route): ProblemCode[] {
  const takesFields = route.querySchema !== null || Object.keys(route.pathSchema.shape).length > 0;
  const input: ProblemCode[] = takesFields || route.bodySchema ? ['bad_request'] : [];
  const change: ProblemCode[] = route.method === 'GET' ? [] : ['body_too_large'];
  const body: ProblemCode[] = route.bodySchema ? ['unsupported_media_type'] : [];
  return [...input, ...change, ...body, ...route.problems, ...ALWAYS];
}

/** Without parameters: OpenAPI names media types, not their charset. */
function mediaType(media: string): string {
  return media.split(';')[0] ?? media;
}
