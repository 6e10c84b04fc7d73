/** The one interface behind which `env:`, `ssm:` and `secret:` references become keys, and what keeps them for a while. */

import { parseJson } from '../base/json.ts';
import { readEnv } from './env.ts';
import { KeyError } from './error.ts';
import { type KeyReference, parseKeyReference } from './reference.ts';
import { Secret } from './secret.ts';
import { createSsmReader, type SsmReader } from './ssm.ts';

export { KeyError } from './error.ts';

export interface KeyResolver {
  /**
   * The key a reference names. Kept 5 minutes; concurrent calls for one reference share one look-up.
   *
   * @throws {KeyError} When the reference names nothing readable; the message is safe to show.
   */
  resolve(reference: string): Promise<Secret>;
}

/** As `createKeyResolver` makes it. */
export interface ClosableKeyResolver extends KeyResolver {
  /** Ends look-ups under way, which fail. Keys may be asked for again afterwards. */
  close(): void;
}

export interface KeyResolverOptions {
  /** Default: the environment of this process. */
  env?: NodeJS.ProcessEnv;
  /** Default: the Parameter Store of the SDK's own region and credentials, loaded when it is first needed. */
  ssm?: SsmReader;
  /** Milliseconds of any clock. Default: the system's clock. */
  now?: () => number;
}

/** So that a rotated key is used within 5 minutes, and a tick each minute costs one look-up in five. */
const KEPT_MS = 5 * 60_000;
/** So that many probes of a missing key cost one look-up, and a key put in its place is used by the next tick. */
const FAILURE_KEPT_MS = 5_000;

const LONGEST_KEY = 8192;

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
    // A negative age is a clock that was set back: nothing is known of the true one.
    return ageMs >= 0 && ageMs < entry.keptMs;
  }

  function lookUp(reference: string): Promise<Secret> {
    const entry: Entry = { key: read(reference, env, ssm), settledAt: null, keptMs: KEPT_MS };
    entries.set(reference, entry);
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
    async resolve(reference) {
      const entry = entries.get(reference);
      if (entry && isFresh(entry)) return entry.key;
      // Keys of providers that are gone, or were given another reference, are not kept.
      for (const [other, old] of entries) if (!isFresh(old)) entries.delete(other);
      return lookUp(reference);
    },
    close: () => ssm.close(),
  };
}

async function read(text: string, env: NodeJS.ProcessEnv, ssm: SsmReader): Promise<Secret> {
  const reference = parseKeyReference(text);
  // The text is not repeated: what is no reference may be a key.
  if (reference === null) throw new KeyError('expected env:, ssm: or secret: and a name. Write "env:NAME"');
  return new Secret(usable(await textOf(reference, text, env, ssm), text));
}

async function textOf(reference: KeyReference, text: string, env: NodeJS.ProcessEnv, ssm: SsmReader): Promise<string> {
  switch (reference.kind) {
    case 'env':
      return readEnv(env, reference.name);
    case 'ssm':
      return ssm.read(reference.name, text);
    case 'secret': {
      const secret = await ssm.read(`/aws/reference/secretsmanager/${reference.name}`, text);
      return reference.field === null ? secret : fieldOf(secret, reference.field, text);
    }
    default: {
      const never: never = reference;
      return never;
    }
  }
}

function fieldOf(secret: string, field: string, reference: string): string {
  const value = jsonObject(secret)?.[field];
  if (typeof value === 'string') return value;
  throw new KeyError(`${reference}: expected a secret that is a JSON object with a text "${field}". Put it there`);
}

/** Null when the text is no JSON object. */
function jsonObject(text: string): Record<string, unknown> | null {
  const value = parseJson(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** The key without the line end that editors and shells add. What no header can carry is refused here, unseen. */
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
