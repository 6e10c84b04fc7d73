/** The three forms of a reference to a key, and what each names. Looking the key up is left to keys.ts. */

export type KeyReference =
  | { kind: 'env'; name: string }
  | { kind: 'ssm'; name: string }
  /** `field`: the one of a JSON object that holds the key; null when the secret's text is the key. */
  | { kind: 'secret'; name: string; field: string | null };

/** What a reference may look like: an environment variable, an SSM parameter with its path, a secret and its field. */
export const KEY_REFERENCE =
  /^(?:env:[A-Za-z_][A-Za-z0-9_]{0,127}|ssm:(?:\/[A-Za-z0-9_.-]{1,255}){1,15}|secret:[A-Za-z0-9/_+=.@-]{1,512}(?:#[A-Za-z0-9_.-]{1,128})?)$/;

/** The environment variable that carries a Bedrock API key: the only one of AWS's own that is a provider's key. */
const BEDROCK_KEY = 'AWS_BEARER_TOKEN_BEDROCK';

/**
 * Null when the text is no reference. The variables that hold this function's own AWS credentials are none: sent as a
 * key, they would hand the account to the owner of the endpoint.
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
