/** Conditions of writes, by name. Each brings its own placeholders, so that two can be joined. */

export interface Expression {
  text: string;
  names: Readonly<Record<string, string>>;
  values: Readonly<Record<string, unknown>>;
}

/** There is no such item, or one that is only waiting to be deleted. */
export function isAbsent(now: Date): Expression {
  return {
    text: '(attribute_not_exists(#pk) OR #expiresAt <= :now)',
    names: { '#pk': 'pk', '#expiresAt': 'expiresAt' },
    values: { ':now': now.getTime() / 1000 },
  };
}

/** The item is the very one that was read. */
export function hasVersion(version: number): Expression {
  return { text: '#version = :basedOn', names: { '#version': 'version' }, values: { ':basedOn': version } };
}

/** The item is what that write left. */
export function isOfWrite(writeId: string): Expression {
  return { text: '#w = :before', names: { '#w': 'w' }, values: { ':before': writeId } };
}

/** Readers do not see what is over, though DynamoDB may keep it for days. */
export function isNotExpired(now: Date): Expression {
  return {
    text: '(attribute_not_exists(#expiresAt) OR #expiresAt > :now)',
    names: { '#expiresAt': 'expiresAt' },
    values: { ':now': now.getTime() / 1000 },
  };
}

export function isOfProvider(provider: string): Expression {
  return { text: '#provider = :provider', names: { '#provider': 'provider' }, values: { ':provider': provider } };
}

export function both(a: Expression, b: Expression): Expression {
  return {
    text: `${a.text} AND ${b.text}`,
    names: { ...a.names, ...b.names },
    values: { ...a.values, ...b.values },
  };
}
