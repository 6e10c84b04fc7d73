/**
 * Which names and which texts look like those of a key, so that one that was pasted into a setting is refused instead of
 * stored. It errs on the side of refusing: what is no key may be written as a reference too.
 */

/** Last words of names that hold a secret: `x-auth-token`, `clientSecret`. Plurals (`max_tokens`) are none. */
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
/** What stands before "key" in names of secrets: `x-functions-key`. */
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
/** Texts that a model knows as one token, such as `eos_token`. */
const MODEL_TOKENS = new Set(['bos', 'cls', 'end', 'eos', 'eot', 'mask', 'pad', 'sep', 'start', 'stop', 'unk']);

/** @example isKeyName('x-api-key') // true, as 'clientSecret' and 'cookie' are, but not 'max_tokens' */
export function isKeyName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const [before = '', last = ''] = [words.at(-2), words.at(-1)];
  if (last === 'token') return !MODEL_TOKENS.has(before);
  return SECRET_WORDS.has(last) || (last === 'key' && KEY_KINDS.has(before)) || (before === 'session' && last === 'id');
}

/** As {@link isKeyName}; a header that ends in `key` is an access key, except these. */
export function isKeyHeader(name: string): boolean {
  return isKeyName(name) || (/(?:^|-)key$/i.test(name) && !/(?:^|-)(?:idempotency|cache|partition)-key$/i.test(name));
}

/** What providers and others begin their keys with, and enough after it. */
const PREFIXED = [
  /(?<![A-Za-z0-9])(?:sk|pk|rk|xai|gsk|csk|hf|nvapi|pplx|tgp|fw|r8|glpat|gh[oprsu]|github_pat|xox[a-z])[-_](?=[\w-]*\d)[\w-]{12,}/,
  /(?<![A-Za-z0-9])AIza[\w-]{20,}/,
  /(?<![A-Za-z0-9])ya29\.[\w.-]{12,}/,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABSK)[A-Za-z0-9+/=]{12,}/,
  /(?<![A-Za-z0-9])eyJ[\w-]{8,}\.[\w.-]{8,}/,
  /^\s*(?:bearer|basic)\s+\S{6,}/i,
  /-----BEGIN /,
];

const HEX = /^[0-9a-f]{32,}$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text, or a word in it, has the form of a known kind of key, or of one that was drawn at random. */
export function looksLikeKey(text: string): boolean {
  if (PREFIXED.some((form) => form.test(text))) return true;
  // A picture within a body is long and random too.
  return !text.startsWith('data:') && text.split(/\s+/).some(isRandom);
}

/** The parts of a model's name by its place, such as `owner/model:version`, one of which may be drawn at random. */
const PLACE = /[/:@]/;

/**
 * Whether a key was pasted where a name belongs, which cannot be a reference: so what is only like a key, as the id
 * `hf-router-2` or a name with a version that was drawn at random, is let through.
 */
export function isKeyAsName(text: string): boolean {
  const isPrefixed = PREFIXED.some((form) => form.test(text));
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && !PLACE.test(text);
  return HEX.test(text) || ((isPrefixed || isMixed) && isRandom(text));
}

/** Shorter texts than this vary too much. */
const RANDOM_LENGTH = 20;
/** Of neighbouring characters, the share that differ in kind: about 0.4 in random texts, under 0.1 in words and versions. */
const RANDOM_SHARE = 0.2;

function isRandom(word: string): boolean {
  const letters = word.replace(/[^A-Za-z0-9]/g, '');
  if (letters.length < RANDOM_LENGTH || !/\d/.test(letters) || !/[A-Za-z]/.test(letters) || UUID.test(word))
    return false;
  if (HEX.test(word)) return true;
  // A word may begin with a capital.
  const changes = word.match(/[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])/g)?.length ?? 0;
  return changes / letters.length >= RANDOM_SHARE;
}
