/** How one report reaches the monitor: as an item of its table, or as a manual check asked of its HTTP API. */

import type { MonotonicClock } from '../../base/clock.ts';
import { toAttributes } from '../../store/items/attributes.ts';
import { reportItem } from '../../store/items/report-item.ts';
import { baseUrlOf, type HttpTarget, isHttp, type TableTarget, tableNameOf } from '../options.ts';
import { failed } from '../problem.ts';
import { authorizer } from '../sources/auth.ts';
import { dynamoOf } from '../sources/aws.ts';

/** Reports one provider. Rejects when that failed. */
export type SendReport = (provider: string, signal: AbortSignal) => Promise<void>;

/** @throws {ReaderError} When an option is wrong. */
export function reportSender(target: TableTarget | HttpTarget, clock: MonotonicClock): SendReport {
  return isHttp(target) ? toApi(target) : toTable(target, clock);
}

/** An item that is written again wakes the check function through the table's stream: nothing has to be polled for it. */
function toTable(target: TableTarget, clock: MonotonicClock): SendReport {
  const TableName = tableNameOf(target);
  const send = dynamoOf(target);
  return async (provider, signal) => {
    await send('PutItem', { TableName, Item: toAttributes({ ...reportItem(provider, clock.now()) }) }, signal);
  };
}

function toApi(target: HttpTarget): SendReport {
  const baseUrl = baseUrlOf(target);
  const authorize = authorizer(target.auth);
  return async (provider, signal) => {
    const url = `${baseUrl}/v1/providers/${encodeURIComponent(provider)}/check`;
    const headers = await authorize(url, 'POST');
    try {
      const response = await fetch(url, { method: 'POST', headers, redirect: 'error', signal });
      await response.body?.cancel();
      // 429: it was checked a moment ago, so the monitor knows already.
      if (!response.ok && response.status !== 429) throw failed(`HTTP ${response.status}`);
    } catch (error) {
      // The answer comes when the check has ended; the check goes on without its caller.
      if (!(error instanceof Error && error.name === 'TimeoutError')) throw error;
    }
  };
}
