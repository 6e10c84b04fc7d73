/** The three forms of a reference to a key. keys.ts reads the keys. */

export type KeyReference =
  | { kind: 'env'; name: string }
  | { kind: 'ssm'; name: string }
  /** `field`: the field of the secret's JSON object that holds the key; null when the whole text is the key. */
  | { kind: 'secret'; name: string; field: string | null };

/** The form of a reference: an environment variable, an SSM parameter with its path, or a secret and its field. */
export const KEY_REFERENCE =
  /^(?:env:[A-Za-z_][A-Za-z0-9_]{0,127}|ssm:(?:\/[A-Za-z0-9_.-]{1,255}){1,15}|secret:[A-Za-z0-9/_+=.@-]{1,512}(?:#[A-Za-z0-9_.-]{1,128})?)$/;

/** The environment variable for a Bedrock API key: the only `AWS_` variable that holds a provider's key. */
const BEDROCK_KEY = 'AWS_BEARER_TOKEN_BEDROCK';

/**
 * Null when the text is not a reference. `AWS_` variables are refused, because they hold this process's own credentials: sent
 * as a key, they would give the owner of the endpoint access to the account.
 */
export function parseKeyReference(text: string): KeyReference | null {
  if (!KEY_REFERENCE.test(text)) return null;
  const kind = text.slice(0, text.indexOf(':'));
  const name = text.slice(kind.length + 1);
  if (kind === 'env') return name.startsWith('AWS_') && name !== BEDROCK_KEY ? null : { kind, name };
  if (kind === 'ssm') return { kind, name };
  const [secret = '', field = null] = name.split('#');
  return { kind: 'secret', name: secret, field };
}
