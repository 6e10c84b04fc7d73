/**
 * A check as attributes of an item: of a CHECK item, of the STATUS item's last check, and of what lies packed. The
 * measured time and the failure are plain attributes, for other programs; the rest is one compact map. The provider, the
 * time and the usual model are where the item has them anyway.
 */

import type { FailedCheck, FirstAttempt, HealthCheck, Timings, TokenUse } from '../../health/check.ts';
import { PROBE_KINDS } from '../../health/provider.ts';
import { AttributeTable, always, coded, map, unless } from './attribute-table.ts';
import { optional, required } from './fields.ts';
import {
  CATEGORY,
  FAULT,
  FLAG,
  type Item,
  type Kind,
  listOf,
  MAP,
  NUMBER,
  nullable,
  oneOf,
  TEXT,
  TRUE,
} from './kinds.ts';
import { lesserText, message, requestIdText } from './text.ts';

const FIGURES = new AttributeTable<Pick<HealthCheck, 'responseTimeMs'>>({ responseTimeMs: always(NUMBER) });

const FAILURE = new AttributeTable<Pick<FailedCheck, 'category' | 'fault' | 'errorMessage'>>({
  category: always(CATEGORY),
  fault: always(FAULT),
  errorMessage: unless('', TEXT, { write: message }),
});

const FIRST_ATTEMPT = new AttributeTable<FirstAttempt>({
  category: always(CATEGORY, { as: 'cat' }),
  errorMessage: always(TEXT, { as: 'err', write: lesserText }),
  responseTimeMs: always(NUMBER, { as: 'ms' }),
});

/** Fields that are not in the map: plain attributes, what the item has anyway, and what follows from another field. */
type OutsideMap = 'provider' | 'timestamp' | 'model' | 'isHealthy' | 'attempts' | keyof Plain;
type Plain = Pick<FailedCheck, 'responseTimeMs' | 'category' | 'fault' | 'errorMessage'>;

/** The map `check`: what only this product reads, under short names. */
const MAPPED = new AttributeTable<Pick<HealthCheck, Exclude<keyof HealthCheck, OutsideMap>>>({
  statusCode: unless(null, NUMBER, { as: 'code' }),
  timings: coded({ as: 'ms', kind: timesWithTotal(), write: timingsList, read: timingsFrom }),
  probe: unless('completion', oneOf(PROBE_KINDS)),
  tokens: coded({ kind: listOf(NUMBER), absent: null, write: tokensList, read: tokensFrom }),
  tokensPerSecond: unless(null, NUMBER, { as: 'rate' }),
  requestId: unless(null, TEXT, { as: 'req', write: requestIdText }),
  newConnection: unless(null, FLAG, { as: 'new' }),
  resumed: unless(undefined, TRUE, { as: 'res' }),
  uncertain: unless(false, FLAG, { as: 'unsure' }),
  warning: unless(null, TEXT, { as: 'warn', write: lesserText }),
  trigger: coded<HealthCheck['trigger'], true>({
    as: 'manual',
    kind: TRUE,
    absent: 'schedule',
    write: () => true,
    read: () => 'manual',
  }),
  maintenance: unless(undefined, TRUE, { as: 'maint' }),
  retryAfterMs: unless(null, NUMBER, { as: 'retryMs' }),
  firstAttempt: map(FIRST_ATTEMPT, 'first'),
});

const GOOD = { isHealthy: true, category: null, fault: null, errorMessage: null } as const;

/** @param usualModel The model that the item names: a check of another one says so itself. */
export function writeCheck(check: HealthCheck, usualModel: string, item: Record<string, unknown> = {}): Item {
  FIGURES.write(check, item);
  if (!check.isHealthy) FAILURE.write(check, item);
  item.check = MAPPED.write(check, check.model === usualModel ? {} : { model: check.model });
  return item;
}

/** @throws {ItemError} When the item has no check that can be understood. */
export function verifyCheck(item: Item): void {
  const mapped = required(item, 'check', MAP);
  FIGURES.verify(item);
  optional(mapped, 'model', TEXT, null);
  MAPPED.verify(mapped);
  if (item.category !== undefined) FAILURE.verify(item);
}

/** Takes the attributes as they are: see {@link verifyCheck}. */
export function readCheck(item: Item, provider: string, timestamp: string, usualModel: string): HealthCheck {
  const mapped = item.check as Item;
  const fields = MAPPED.read(mapped);
  return {
    provider,
    timestamp,
    model: mapped.model ?? usualModel,
    ...fields,
    attempts: fields.firstAttempt === null ? 1 : 2,
    ...FIGURES.read(item),
    ...(item.category === undefined ? GOOD : { isHealthy: false, ...FAILURE.read(item) }),
    // Which fields belong together was decided when it was written: the compiler cannot see it here.
  } as HealthCheck;
}

type TimesWithTotal = readonly [totalMs: number, ...(number | null)[]];

function timesWithTotal(): Kind<TimesWithTotal> {
  const times = listOf(nullable(NUMBER));
  return {
    what: `${times.what}, the total first`,
    is: (value): value is TimesWithTotal => times.is(value) && typeof value[0] === 'number',
  };
}

function timingsList({ dnsMs, connectMs, tlsMs, firstByteMs, firstTokenMs, totalMs }: Timings): TimesWithTotal {
  return [totalMs, firstByteMs, firstTokenMs, dnsMs, connectMs, tlsMs];
}

function timingsFrom([totalMs, ...parts]: TimesWithTotal): Timings {
  const [firstByteMs = null, firstTokenMs = null, dnsMs = null, connectMs = null, tlsMs = null] = parts;
  return { dnsMs, connectMs, tlsMs, firstByteMs, firstTokenMs, totalMs };
}

/** Input, output, and 1 when they are estimated. */
function tokensList(tokens: TokenUse | null): readonly number[] | null {
  return tokens && [tokens.input, tokens.output, ...(tokens.estimated ? [1] : [])];
}

function tokensFrom([input = 0, output = 0, estimated]: readonly number[]): TokenUse {
  return { input, output, estimated: estimated === 1 };
}
