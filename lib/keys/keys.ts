/** Resolves `env:`, `ssm:` and `secret:` references to keys, and caches the keys. */

import { parseJson } from '../base/json.ts';
import { MINUTE_MS } from '../base/time.ts';
import { readEnv } from './env.ts';
import { KeyError } from './error.ts';
import { type KeyReference, parseKeyReference } from './reference.ts';
import { Secret } from './secret.ts';
import { createSsmReader, type SsmReader } from './ssm.ts';

export { KeyError } from './error.ts';

/** `key`: a text that a header can carry. `document`: a JSON object, such as the key of a service account. */
export type SecretForm = 'key' | 'document';

export interface KeyResolver {
  /**
   * The key that a reference names. It is cached for 5 minutes; concurrent calls for one reference share one look-up.
   *
   * @param form Default `key`.
   * @throws {KeyError} When the key cannot be read or used; the message contains no secret.
   */
  resolve(reference: string, form?: SecretForm): Promise<Secret>;
}

/** The resolver that `createKeyResolver` returns. */
export interface ClosableKeyResolver extends KeyResolver {
  /** Aborts running look-ups; their promises reject. Later calls of `resolve` work as before. */
  close(): void;
}

export interface KeyResolverOptions {
  /** Default: the environment of this process. */
  env?: NodeJS.ProcessEnv;
  /** Default: Parameter Store with the SDK's own region and credentials. The SDK is loaded at the first look-up. */
  ssm?: SsmReader;
  /** Milliseconds of any clock. Default: the system's clock. */
  now?: () => number;
}

/** A rotated key is used after 5 minutes at most, and with a tick each minute only one tick in five looks it up. */
const KEPT_MS = 5 * MINUTE_MS;
/** Many probes with a missing key share one look-up, and the next tick already uses a key that was added. */
const FAILURE_KEPT_MS = 5_000;

const LONGEST_KEY = 8192;
/** The key of a service account has some 2400 characters. */
const LONGEST_DOCUMENT = 16_384;

interface Entry {
  key: Promise<Secret>;
  /** Null while the look-up is under way. */
  settledAt: number | null;
  keptMs: number;
}

export function createKeyResolver({
  env = process.env,
  ssm = createSsmReader(),
  now = Date.now,
}: KeyResolverOptions = {}): ClosableKeyResolver {
  const entries = new Map<string, Entry>();

  function isFresh(entry: Entry): boolean {
    if (entry.settledAt === null) return true;
    const ageMs = now() - entry.settledAt;
    // A negative age means that the clock was set back, so the true age is unknown.
    return ageMs >= 0 && ageMs < entry.keptMs;
  }

  function lookUp(id: string, reference: string, form: SecretForm): Promise<Secret> {
    const entry: Entry = { key: read(reference, form, { env, ssm }), settledAt: null, keptMs: KEPT_MS };
    entries.set(id, entry);
    entry.key.then(
      () => {
        entry.settledAt = now();
      },
      () => {
        entry.settledAt = now();
        entry.keptMs = FAILURE_KEPT_MS;
      },
    );
    return entry.key;
  }

  return {
    async resolve(reference, form = 'key') {
      const id = `${form} ${reference}`;
      const entry = entries.get(id);
      if (entry && isFresh(entry)) return entry.key;
      // Remove the keys that are no longer used, such as those of removed providers.
      for (const [other, old] of entries) if (!isFresh(old)) entries.delete(other);
      return lookUp(id, reference, form);
    },
    close: () => ssm.close(),
  };
}

/** Where keys are read from. */
type Sources = Required<Pick<KeyResolverOptions, 'env' | 'ssm'>>;

async function read(text: string, form: SecretForm, sources: Sources): Promise<Secret> {
  const reference = parseKeyReference(text);
  // Do not quote the text: it may be a key.
  if (reference === null) throw new KeyError('expected env:, ssm: or secret: and a name. Write "env:NAME"');
  const found = await textOf(reference, { text, form }, sources);
  return new Secret(form === 'document' ? usableDocument(found, text) : usable(found, text));
}

/** @param wanted The reference as it was written, for messages, and the form of the secret. */
async function textOf(
  reference: KeyReference,
  { text, form }: { text: string; form: SecretForm },
  { env, ssm }: Sources,
): Promise<string> {
  switch (reference.kind) {
    case 'env':
      return readEnv(env, reference.name);
    case 'ssm':
      return ssm.read(reference.name, text);
    case 'secret': {
      const secret = await ssm.read(`/aws/reference/secretsmanager/${reference.name}`, text);
      return reference.field === null ? secret : fieldOf(secret, reference.field, text, form);
    }
    default: {
      const never: never = reference;
      return never;
    }
  }
}

function fieldOf(secret: string, field: string, reference: string, form: SecretForm): string {
  const value = jsonObject(secret)?.[field];
  if (typeof value === 'string') return value;
  if (form === 'document' && typeof value === 'object' && value !== null) return JSON.stringify(value);
  throw new KeyError(`${reference}: expected a secret that is a JSON object with a text "${field}". Put it there`);
}

/** Null when the text is not a JSON object. */
function jsonObject(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** Checks that a text is a JSON object of acceptable length, and returns it unchanged. */
function usableDocument(text: string, reference: string): string {
  if (text.length > LONGEST_DOCUMENT) {
    throw new KeyError(
      `${reference}: expected a JSON object of at most ${LONGEST_DOCUMENT} characters, got ${text.length}`,
    );
  }
  if (jsonObject(text) === null) {
    throw new KeyError(`${reference}: expected a JSON object, got another text. Put the whole file there`);
  }
  return text;
}

/** The key without the line end that editors and shells add. Refuses a text that a header cannot carry, without quoting it. */
function usable(text: string, reference: string): string {
  const key = text.trim();
  if (key === '') throw new KeyError(`${reference}: expected a key, got an empty text. Put the key there`);
  if (key.length > LONGEST_KEY) {
    throw new KeyError(`${reference}: expected a key of at most ${LONGEST_KEY} characters, got ${key.length}`);
  }
  if (!/^[\x20-\x7e]*$/.test(key)) {
    throw new KeyError(
      `${reference}: expected a key of visible ASCII characters, got others (a line end, a control or another alphabet's). Copy the key again`,
    );
  }
  if (key.startsWith('{') && jsonObject(key) !== null) {
    throw new KeyError(`${reference}: expected a key, got a JSON object. Name the field: "secret:name#field"`);
  }
  return key;
}
