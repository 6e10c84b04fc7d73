/** Named conditions of writes and filters of reads. Each has placeholders of its own, so that two can be combined. */

export interface Expression {
  /**
   * The expression holds when all tests of one entry hold: an OR of ANDs, without parentheses. The embedded DynamoDB parses
   * parentheses slowly: with them, the condition of a tick's claim took 70 ms; without, it takes 3 ms.
   */
  anyOf: readonly (readonly string[])[];
  names: Readonly<Record<string, string>>;
  values: Readonly<Record<string, unknown>>;
}

/** The item does not exist, or has expired. */
export function isAbsent(now: Date): Expression {
  return {
    anyOf: [['attribute_not_exists(#pk)'], ['#expiresAt <= :now']],
    names: { '#pk': 'pk', '#expiresAt': 'expiresAt' },
    values: { ':now': now.getTime() / 1000 },
  };
}

/** The item still has the version that was read. */
export function hasVersion(version: number): Expression {
  return { anyOf: [['#version = :basedOn']], names: { '#version': 'version' }, values: { ':basedOn': version } };
}

/** The last write of the item has this id. */
export function isOfWrite(writeId: string): Expression {
  return { anyOf: [['#w = :before']], names: { '#w': 'w' }, values: { ':before': writeId } };
}

/** The item has not expired. DynamoDB deletes expired items up to days later. */
export function isNotExpired(now: Date): Expression {
  return {
    anyOf: [['attribute_not_exists(#expiresAt)'], ['#expiresAt > :now']],
    names: { '#expiresAt': 'expiresAt' },
    values: { ':now': now.getTime() / 1000 },
  };
}

export function isOfProvider(provider: string): Expression {
  return { anyOf: [['#provider = :provider']], names: { '#provider': 'provider' }, values: { ':provider': provider } };
}

export function both(a: Expression, b: Expression): Expression {
  return { ...joined(a, b), anyOf: a.anyOf.flatMap((tests) => b.anyOf.map((others) => [...tests, ...others])) };
}

export function either(a: Expression, b: Expression): Expression {
  return { ...joined(a, b), anyOf: [...a.anyOf, ...b.anyOf] };
}

/** The expression as DynamoDB's text. It needs no parentheses, because AND has precedence over OR. */
export function textOf({ anyOf }: Expression): string {
  return anyOf.map((tests) => tests.join(' AND ')).join(' OR ');
}

function joined(a: Expression, b: Expression): Pick<Expression, 'names' | 'values'> {
  return { names: { ...a.names, ...b.names }, values: { ...a.values, ...b.values } };
}
