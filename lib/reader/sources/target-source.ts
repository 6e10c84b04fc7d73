/** Reads the statuses of one monitor, from its table or its HTTP API. */

import type { MonotonicClock } from '../../base/clock.ts';
import { baseUrlOf, type HttpTarget, isHttp, type TableTarget, tableNameOf } from '../options.ts';
import { authorizer } from './auth.ts';
import { httpSource } from './http-source.ts';
import type { StatusSource } from './source.ts';
import { tableSource } from './table-source.ts';

/** @throws {ReaderError} When the target is wrong. */
export function targetSource(target: TableTarget | HttpTarget, clock: MonotonicClock): StatusSource {
  return isHttp(target)
    ? httpSource(baseUrlOf(target), authorizer(target.auth))
    : tableSource(tableNameOf(target), target, clock);
}
