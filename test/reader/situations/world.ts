/** Providers that answer as a script says, a table that takes its time, and a clock that runs as fast as the test does. */

import { marshall } from '@aws-sdk/util-dynamodb';
import type { ProviderStatus } from '../../../lib/health/status.ts';
import {
  type AttemptContext,
  createFailureMemory,
  createHealthReader,
  type HealthReader,
  withFailover,
} from '../../../lib/reader/index.ts';
import { statusItem } from '../../../lib/store/items/status-item.ts';
import { seeded } from '../../support/seeded.ts';
import { type TestClock, testClock } from '../support.ts';

// The SDK is loaded with the first read of a process, and the fake clock would run on meanwhile.
const client = { send: async () => ({ Items: [] }) };
await createHealthReader({ tableName: 'provider-health', providers: ['any'], client, onProblem: () => {} }).warmUp();

/** In the order in which the router was given them. */
export const IDS = ['openai', 'claude', 'glm'] as const;
export type Id = (typeof IDS)[number];

/** When the router asks: the statuses are of the minutes before. */
export const NOW = '2026-03-01T12:00:00.000Z';

/** The behaviour of a provider now, by the fake clock. */
export type Behaviour = (context: AttemptContext & { clock: TestClock }) => Promise<unknown>;

export const answers =
  (ms: number, value: unknown = 'the answer'): Behaviour =>
  async ({ clock }) => {
    await clock.sleep(ms);
    return value;
  };

export const fails =
  (status: number, ms: number, headers: Record<string, string> = {}): Behaviour =>
  async ({ clock }) => {
    await clock.sleep(ms);
    throw Object.assign(new Error(`HTTP ${status}`), { status, headers: new Headers(headers) });
  };

/** What the table does: how long it takes, or that it is gone. */
export interface Table {
  statuses: readonly ProviderStatus[];
  takesMs?: number;
  isGone?: boolean;
}

export interface World {
  clock: TestClock;
  reader(table: Table): HealthReader<Id>;
  /** Asks by the reader, as a router does. */
  ask(reader: HealthReader<Id>, really: Record<Id, Behaviour>, options?: object): Promise<unknown>;
  /** The providers that were called, in order. */
  asked: Id[];
}

export function createWorld(): World {
  const clock = testClock(NOW);
  const asked: Id[] = [];
  const random = seeded(1);
  return {
    clock,
    asked,
    reader({ statuses, takesMs = 10, isGone = false }) {
      const client = {
        async send() {
          await clock.sleep(takesMs);
          if (isGone) throw Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
          return { Items: statuses.map((status) => marshall(statusItem(status, null, 'w'))) };
        },
      };
      return createHealthReader({
        tableName: 'provider-health',
        providers: IDS,
        client,
        clock,
        random,
        onProblem: () => {},
      });
    },
    async ask(reader, really, options = {}) {
      const attempt = (id: Id, context: AttemptContext) => {
        asked.push(id);
        return really[id]({ ...context, clock });
      };
      return withFailover({ reader, attempt, clock, memory: createFailureMemory(), ...options });
    },
  };
}

/** Longer than any caller would wait. */
const FOREVER_MS = 600_000;
const STEP_MS = 10;
const TURNS = 20;

/** The result, and after how many milliseconds by the clock; null: no result within ten minutes. */
export async function timed<T>(clock: TestClock, doing: Promise<T>): Promise<{ ms: number; value: T } | null> {
  const from = clock.now().getTime();
  let end: { ms: number; value: T } | null = null;
  void doing.then((value) => {
    end = { ms: clock.now().getTime() - from, value };
  });
  // Work that takes no time by the clock, such as a repeated import, still needs some turns of the event loop.
  for (let turn = 0; turn < TURNS; turn += 1) await clock.advance(0);
  for (let ms = 0; ms < FOREVER_MS && end === null; ms += STEP_MS) await clock.advance(STEP_MS);
  return end;
}
