/** Sends a report to the monitor: writes an item to its table, or asks its HTTP API for a manual check. */

import type { MonotonicClock } from '../../base/clock.ts';
import { toAttributes } from '../../store/items/attributes.ts';
import { reportItem } from '../../store/items/report-item.ts';
import { baseUrlOf, type HttpTarget, isHttp, type TableTarget, tableNameOf } from '../options.ts';
import { failed } from '../problem.ts';
import { authorizer } from '../sources/auth.ts';
import { dynamoOf } from '../sources/aws.ts';

/** Reports one provider. Rejects when the report could not be sent. */
export type SendReport = (provider: string, signal: AbortSignal) => Promise<void>;

/** @throws {ReaderError} When an option is wrong. */
export function reportSender(target: TableTarget | HttpTarget, clock: MonotonicClock): SendReport {
  return isHttp(target) ? toApi(target) : toTable(target, clock);
}

/** Each write of the item starts the check function through the table's stream. */
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
      // 429: the provider was checked a moment ago, so the report is not needed.
      if (!response.ok && response.status !== 429) throw failed(`HTTP ${response.status}`);
    } catch (error) {
      // The API answers when the check has ended. After a timeout the check continues, so this is no error.
      if (!(error instanceof Error && error.name === 'TimeoutError')) throw error;
    }
  };
}
