/** The route that tests the alert channels. It exists only where there is a checker. */

import type { Checker } from '../api.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { alertTestAnswer } from '../shapes/answers.ts';

export function alertRoutes(checker: Checker): Route[] {
  return [
    defineRoute({
      method: 'POST',
      path: '/v1/alerts/test',
      operationId: 'testAlerts',
      summary: 'Send a test message to each channel, and return the answers',
      group: 'Changes',
      answers: alertTestAnswer,
      cacheSeconds: 0,
      handle: async () => ({ body: { channels: await checker.testAlerts() } }),
    }),
  ];
}
