/** A table behind a proxy, readers of it on a clock that the test moves, and statuses to put there. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ProviderStatus } from '../../lib/health/status.ts';
import {
  type Clock,
  createHealthReader,
  type HealthReader,
  type ReaderProblem,
  type TableReaderOptions,
} from '../../lib/reader/index.ts';
import { statusItem } from '../../lib/store/items/status-item.ts';
import { type FaultyTable, startFaultyTable } from '../store/dynamo/faulty-table.ts';
import { healthyStatus, START } from '../support/builders.ts';
import { FakeClock } from '../support/clock.ts';
import { startTable } from '../support/table.ts';

/** The providers of every reader here, in the order in which it was given them. */
export const IDS = ['gamma', 'alpha', 'beta'] as const;
export type Id = (typeof IDS)[number];

/** A clock that stands still until the test moves it: both the monotonic and the wall clock. */
export type TestClock = FakeClock & Clock;

export function testClock(start: string = START): TestClock {
  const clock = new FakeClock(start);
  return Object.assign(clock, { monotonicMs: () => clock.now().getTime() });
}

/** Something that waits until the test opens it. */
export function gateway(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

export interface TestReader {
  health: HealthReader<Id>;
  clock: TestClock;
  /** What it reported, in order. */
  problems: ReaderProblem[];
}

export interface ReaderTable {
  /** Between the readers and the table. */
  proxy: FaultyTable;
  tableName: string;
  put(...statuses: ProviderStatus[]): Promise<void>;
  /** Puts an item as it is. */
  putItem(item: Record<string, unknown>): Promise<void>;
  reader(options?: Partial<TableReaderOptions<Id>>): TestReader;
  /** As it was at the start. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startReaderTable(tableName?: string): Promise<ReaderTable> {
  const table = await startTable(tableName);
  const proxy = await startFaultyTable(table.endpoint);
  // The SDK waits long, also on a busy machine: only the test's clock makes a read slow. One attempt, so that each is
  // counted.
  const client = new DynamoDBClient({
    endpoint: proxy.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { requestTimeout: 20_000 },
  });
  const putItem = async (Item: Record<string, unknown>) => {
    await table.documents.send(new PutCommand({ TableName: table.tableName, Item }));
  };
  return {
    proxy,
    tableName: table.tableName,
    putItem,
    async put(...statuses) {
      for (const status of statuses) await putItem({ ...statusItem(status, null, 'test') });
    },
    reader(options = {}) {
      const clock = testClock();
      const problems: ReaderProblem[] = [];
      const health = createHealthReader({
        tableName: table.tableName,
        providers: IDS,
        client,
        clock,
        onProblem: (problem) => problems.push(problem),
        ...options,
      });
      return { health, clock, problems };
    },
    async reset() {
      proxy.reset();
      await table.empty();
    },
    async close() {
      client.destroy();
      await proxy.close();
      await table.close();
    },
  };
}

/** A healthy provider of each of {@link IDS}, the fastest first: `alpha`, `gamma`, `beta`. */
export const fast = healthyStatus({ id: 'alpha', tags: ['eu'] }, { responseTimeMs: 100 });
export const slow = healthyStatus({ id: 'beta' }, { responseTimeMs: 900 });
export const middling = healthyStatus({ id: 'gamma' }, { responseTimeMs: 400 });

export function providersOf({ ranked }: { ranked: readonly { provider: string }[] }): string[] {
  return ranked.map(({ provider }) => provider);
}

/** The part of a status that readers get: without the fields for the monitor alone. */
export function shown({
  dayCounts: _,
  unrecorded: __,
  ...status
}: ProviderStatus): Omit<ProviderStatus, 'dayCounts' | 'unrecorded'> {
  return status;
}
