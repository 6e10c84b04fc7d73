/** Makes the OpenAPI document from the routes and their schemas. */

import { STATUS_CODES } from 'node:http';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiOverride,
  type ZodOpenApiResponsesObject,
  type ZodOpenApiSecuritySchemeObject,
} from 'zod-openapi';
import { VERSION } from '../../base/version.ts';
import type { Proof, Proofs } from '../../config/access.ts';
import { PROBLEM_MEDIA, PROBLEMS, type ProblemCode } from '../http/problem.ts';
import type { Route } from '../http/route.ts';
import { problemAnswer } from './answers.ts';

/** Problems that any route can have. */
const ALWAYS: readonly ProblemCode[] = [
  'answer_too_large',
  'unauthenticated',
  'too_many_attempts',
  'internal',
  'access_unavailable',
  'store_unavailable',
];

const OPEN: Proofs = { reads: [], writes: [] };

const SECURITY_SCHEMES: Readonly<Record<Proof, ZodOpenApiSecuritySchemeObject>> = {
  iam: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'AWS Signature Version 4, service execute-api.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of the issuer.' },
  basic: { type: 'http', scheme: 'basic', description: 'A password, with any user name.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'A password.' },
  session: { type: 'apiKey', in: 'cookie', name: '__Host-session', description: 'GET /sign-in begins one.' },
};

/**
 * @param serverUrl Base path of the routes.
 * @param proofs How callers prove who they are. Default: everybody may call.
 */
export function openApiDocument(routes: readonly Route[], serverUrl: string, proofs = OPEN): Record<string, unknown> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    const accepted = route.method === 'GET' ? proofs.reads : proofs.writes;
    item[route.method.toLowerCase()] = { ...operationOf(route), security: accepted.map((proof) => ({ [proof]: [] })) };
    paths[route.path] = item;
  }
  const used = [...new Set([...proofs.reads, ...proofs.writes])];
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Provider Health',
        // Version of the product. The version of the contract is in the paths.
        version: VERSION,
        description:
          'The health of LLM API providers. Times are ISO 8601 UTC. Answers may gain fields: ignore those that you do not know.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: serverUrl }],
      tags: [...new Set(routes.map(({ group }) => group))].map((name) => ({ name })),
      paths,
      ...(used.length > 0 && { components: { securitySchemes: schemesOf(used) } }),
    },
    { override },
  ) as unknown as Record<string, unknown>;
}

/**
 * Lets answers have unknown fields, since new ones may be added (the tests are strict all the same). Removes what says
 * nothing new: the pattern of a date-time, and the bounds of a double on an integer.
 */
const override: ZodOpenApiOverride = ({ jsonSchema, io }) => {
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
};

function schemesOf(proofs: readonly Proof[]) {
  return Object.fromEntries(proofs.map((proof) => [proof, SECURITY_SCHEMES[proof]]));
}

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
  const change: ProblemCode[] = route.method === 'GET' ? [] : ['not_permitted', 'cross_site', 'body_too_large'];
  const body: ProblemCode[] = route.bodySchema ? ['unsupported_media_type'] : [];
  return [...input, ...change, ...body, ...route.problems, ...ALWAYS];
}

/** The media type without its parameters, as OpenAPI needs it. */
function mediaType(media: string): string {
  return media.split(';')[0] ?? media;
}
