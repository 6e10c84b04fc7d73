import { describe, expect, it } from 'vitest';
import { categoryOfStatus } from '../../lib/failures/status.ts';
import type { Category } from '../../lib/health/category.ts';

describe('a status alone', () => {
  it.each<[Category | null, readonly number[]]>([
    ['auth', [401, 403, 407]],
    ['quota', [402, 412]],
    ['rate_limited', [429]],
    ['overloaded', [503, 529]],
    ['server_error', [500, 501, 502, 424, 409, 520, 521, 522, 523, 505, 599]],
    ['model_not_found', [404, 410]],
    ['bad_request', [400, 405, 411, 413, 414, 415, 422, 431, 418, 498]],
    ['timeout', [408, 504, 524]],
    ['redirect', [300, 301, 302, 303, 304, 307, 308]],
    ['invalid_response', [100, 199, 600, 999]],
    [null, [200, 201, 204, 299]],
  ])('is %s for %j', (category, statuses) => {
    expect(statuses.map(categoryOfStatus)).toEqual(statuses.map(() => category));
  });
});
