/** Conditions of writes and filters of reads, by name. Each brings its own placeholders, so that two can be joined. */

export interface Expression {
  /**
   * Holds when every test of any one of these does. Without parentheses, since the embedded DynamoDB tries anew for each
   * pair of them: the condition of a tick's claim took it 70 ms, and takes 3 so.
   */
  anyOf: readonly (readonly string[])[];
  names: Readonly<Record<string, string>>;
  values: Readonly<Record<string, unknown>>;
}

/** There is no such item, or one that is only waiting to be deleted. */
export function isAbsent(now: Date): Expression {
  return {
    anyOf: [['attribute_not_exists(#pk)'], ['#expiresAt <= :now']],
    names: { '#pk': 'pk', '#expiresAt': 'expiresAt' },
    values: { ':now': now.getTime() / 1000 },
  };
}

/** The item is the very one that was read. */
export function hasVersion(version: number): Expression {
  return { anyOf: [['#version = :basedOn']], names: { '#version': 'version' }, values: { ':basedOn': version } };
}

/** The item is what that write left. */
export function isOfWrite(writeId: string): Expression {
  return { anyOf: [['#w = :before']], names: { '#w': 'w' }, values: { ':before': writeId } };
}

/** Readers do not see expired items, though DynamoDB may keep them for days. */
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

/** AND binds stronger than OR. */
export function textOf({ anyOf }: Expression): string {
  return anyOf.map((tests) => tests.join(' AND ')).join(' OR ');
}

function joined(a: Expression, b: Expression): Pick<Expression, 'names' | 'values'> {
  return { names: { ...a.names, ...b.names }, values: { ...a.values, ...b.values } };
}
