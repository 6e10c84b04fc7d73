/** Routes that change something: manual checks and registrations. They exist only where there is a checker. */

import * as z from 'zod';
import { unknownProvider } from '../../checker/errors.ts';
import { providerSchema } from '../../config/schema.ts';
import type { Api, Checker } from '../api.ts';
import { providerPath } from '../http/parameters.ts';
import { badRequest } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { withAdvice } from '../shapes/advised.ts';
import { checkAllAnswer } from '../shapes/answers.ts';
import { healthCheck, providerId, providerStatus } from '../shapes/schemas.ts';

/**
 * Describes the body for the OpenAPI document. The checker validates it, since only it knows the defaults and the
 * address policy.
 */
const registration = providerSchema
  .extend({
    // Any JSON. The exact schema would refer to itself, and client generators leave out a route with such a schema.
    body: z.record(z.string(), z.unknown()).optional().meta({ description: providerSchema.shape.body.description }),
    id: providerId.optional().meta({ description: 'Absent, or the same id as in the path.' }),
  })
  .meta({ id: 'ProviderInput', description: 'A provider as in providers.json; its id is the one of the path.' });

export function changeRoutes(api: Api, checker: Checker): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/providers/{id}/check',
      operationId: 'checkProvider',
      summary: 'Check one provider now',
      group: 'Changes',
      params: providerPath,
      answers: healthCheck,
      problems: ['unknown_provider', 'unreadable_status', 'too_many_checks', 'unfinished'],
      cacheSeconds: 0,
      handle: async ({ path }) => ({ body: await checker.manualHealthCheck(path.id) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/v1/check',
      operationId: 'checkAll',
      summary: 'Check every enabled provider now; counts as one manual check of each',
      group: 'Changes',
      answers: checkAllAnswer,
      problems: ['too_many_checks'],
      cacheSeconds: 0,
      handle: async () => ({ body: { checks: await checker.manualHealthCheckAll() } }),
    }),
    defineRoute({
      method: 'PUT',
      path: '/v1/providers/{id}',
      operationId: 'putProvider',
      summary: 'Register a provider, or change a registered one',
      group: 'Changes',
      params: providerPath,
      body: registration,
      answers: providerStatus,
      statuses: { 200: 'Changed', 201: 'Registered' },
      problems: ['declared_provider'],
      cacheSeconds: 0,
      async handle({ path: { id }, body }) {
        if (body.id !== undefined && body.id !== id) {
          throw badRequest([{ field: 'id', message: `expected "${id}" as in the path, or none; got another` }]);
        }
        const before = await api.store.registrations.get(id);
        const status = await checker.registerProvider({ ...body, id });
        return { status: before === null ? 201 : 200, body: withAdvice(status, api.now()) };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/v1/providers/{id}',
      operationId: 'deleteProvider',
      summary: 'Remove a registered provider',
      group: 'Changes',
      params: providerPath,
      answers: z.null(),
      statuses: { 204: 'Removed' },
      problems: ['unknown_provider', 'declared_provider'],
      cacheSeconds: 0,
      async handle({ path: { id } }) {
        if (!(await checker.unregisterProvider(id))) throw unknownProvider(id);
        return { body: null };
      },
    }),
  ];
}
