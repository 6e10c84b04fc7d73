/** What is read from the API. Its role reaches no key and writes nothing, so neither could a mistake in here. */

import { handle } from 'hono/aws-lambda';
import { createApp } from '../lib/api/app.ts';
import { SHARDS } from '../lib/checker/shards.ts';
import { log } from './log.ts';
import { openMonitor } from './monitor.ts';

const { config, store, tickSeconds } = openMonitor(import.meta.url);

export const handler = handle(
  createApp({ store, checker: null, declared: config.providers, monitor: { tickSeconds, shards: SHARDS }, log }),
);
