/**
 * Recognises names and texts that look like a secret, so that a key in a setting is refused instead of stored. In doubt the
 * text is refused: a user can always write a reference instead.
 */

/** The last word of a name that holds a secret, as in `x-auth-token` and `clientSecret`. Not plurals (`max_tokens`). */
const SECRET_WORDS = new Set([
  'apikey',
  'auth',
  'authorization',
  'bearer',
  'cookie',
  'credential',
  'credentials',
  'jwt',
  'passphrase',
  'passwd',
  'password',
  'pwd',
  'secret',
  'token',
]);
/** The word before "key" in the name of a secret, as in `x-functions-key`. */
const KEY_KINDS = new Set([
  'access',
  'account',
  'api',
  'auth',
  'functions',
  'license',
  'private',
  'secret',
  'session',
  'shared',
  'subscription',
]);
/** The word before "token" in names of special tokens of a model, such as `eos_token`. They are no secrets. */
const MODEL_TOKENS = new Set(['bos', 'cls', 'end', 'eos', 'eot', 'mask', 'pad', 'sep', 'start', 'stop', 'unk']);

/** Whether a name is one of a secret. @example isKeyName('x-api-key') // true; also 'clientSecret', but not 'max_tokens' */
export function isKeyName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const [before = '', last = ''] = [words.at(-2), words.at(-1)];
  if (last === 'token') return !MODEL_TOKENS.has(before);
  return SECRET_WORDS.has(last) || (last === 'key' && KEY_KINDS.has(before)) || (before === 'session' && last === 'id');
}

/** {@link isKeyName} for headers. A name that ends in `-key` is one of a secret, except idempotency, cache and partition keys. */
export function isKeyHeader(name: string): boolean {
  return isKeyName(name) || (/(?:^|-)key$/i.test(name) && !/(?:^|-)(?:idempotency|cache|partition)-key$/i.test(name));
}

/** Forms that no name has, whatever their characters are. */
const CERTAIN = [
  /(?<![A-Za-z0-9])sk-(?:proj|svcacct|admin|ant|or-v1)-[\w-]{16,}/,
  /(?<![A-Za-z0-9])(?:sk|pk|rk|xai|gsk|csk|hf|nvapi|pplx|tgp|fw|r8|glpat|gh[oprsu])[-_](?=[a-z]*[A-Z\d])[A-Za-z0-9]{24,}/,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
  /(?<![A-Za-z0-9])AIza[\w-]{35}/,
  /-----BEGIN /,
];

/** The prefixes that providers and other services use for their keys, followed by enough characters. */
const PREFIXED = [
  ...CERTAIN,
  /(?<![A-Za-z0-9])(?:sk|pk|rk|xai|gsk|csk|hf|nvapi|pplx|tgp|fw|r8|glpat|gh[oprsu]|github_pat|xox[a-z])[-_](?=[\w-]*\d)[\w-]{12,}/,
  /(?<![A-Za-z0-9])AIza[\w-]{20,}/,
  /(?<![A-Za-z0-9])ya29\.[\w.-]{12,}/,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABSK)[A-Za-z0-9+/=]{12,}/,
  /(?<![A-Za-z0-9])eyJ[\w-]{8,}\.[\w.-]{8,}/,
  /^\s*(?:bearer|basic)\s+\S{6,}/i,
];

const HEX = /^[0-9a-f]{32,}$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text, or a word in it, has the form of a known kind of key, or looks random. */
export function looksLikeKey(text: string): boolean {
  if (PREFIXED.some((form) => form.test(text))) return true;
  // A picture in a request body looks random too, but is no key.
  return !text.startsWith('data:') && text.split(/\s+/).some(isRandom);
}

/** The separators in a model's name such as `owner/model:version`. One of the parts may be random. */
const PLACE = /[/:@]/;

/**
 * Whether the text of a name (an id, a model, a tag) is a key. A name cannot be a reference, so this test is less strict: it
 * allows the id `hf-router-2`, and a model's name with a random version.
 */
export function isKeyAsName(text: string): boolean {
  const isPrefixed = PREFIXED.some((form) => form.test(text));
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && !PLACE.test(text);
  const isCertain = HEX.test(text) || CERTAIN.some((form) => form.test(text));
  return isCertain || ((isPrefixed || isMixed) && isRandom(text));
}

/** Whether a sentence that people write contains a key. It is as strict as {@link isKeyAsName}: a sentence has names in it. */
export function containsKey(sentence: string): boolean {
  return [sentence, ...sentence.split(/\s+/)].some(isKeyAsName);
}

/** In shorter texts, the share of changes varies too much to decide. */
const RANDOM_LENGTH = 20;
/**
 * The limit for the share of neighbouring characters of a different kind (lower case, upper case, figure). Measured: about
 * 0.4 in random texts, below 0.1 in words and versions.
 */
const RANDOM_SHARE = 0.2;

function isRandom(word: string): boolean {
  const letters = word.replace(/[^A-Za-z0-9]/g, '');
  if (letters.length < RANDOM_LENGTH || !/\d/.test(letters) || !/[A-Za-z]/.test(letters) || UUID.test(word))
    return false;
  if (HEX.test(word)) return true;
  // A capital before a lower-case letter does not count: words begin with capitals.
  const changes = word.match(/[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])/g)?.length ?? 0;
  return changes / letters.length >= RANDOM_SHARE;
}
