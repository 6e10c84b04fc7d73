/**
 * Caches tokens of token endpoints until shortly before they expire. All providers with the same credential share a
 * token.
 *
 * ```text
 * issued ────────────────────────────── renewed from here on ──────── expires
 *        the same token for every probe   a new token; as long as      a new token, or
 *                                         none comes, the old one      no request
 * ```
 */

import { MINUTE_MS } from '../../base/time.ts';
import { tokenSecretOf } from '../../egress/references.ts';
import type { TokenAuth } from '../../health/provider.ts';
import type { KeyResolver } from '../../keys/keys.ts';
import type { Secret } from '../../keys/secret.ts';
import { Deadline } from '../wire/deadline.ts';
import { type Exchange, exchange } from './exchange.ts';
import { grantFor } from './grant.ts';
import { TokenError } from './token-error.ts';

export interface Token {
  token: Secret;
  /** Texts that must not be shown: the token, and the secrets that it was requested with. */
  secrets: readonly Secret[];
}

export interface Tokens {
  /**
   * @throws {TokenError}
   * @throws {KeyError} When the credential's secret cannot be read.
   */
  get(auth: TokenAuth): Promise<Token>;
  /** Drops a token that a provider refused, since it may have been revoked. The next probe requests a new one. */
  drop(token: Secret): void;
  /** Aborts requests under way. */
  close(): void;
}

export interface TokensOptions extends Exchange {
  keys: KeyResolver;
  /** Milliseconds since 1970. Default: the system's clock. */
  now?: () => number;
}

/** Token endpoints answer in some 200 ms. */
const TIMEOUT_MS = 5_000;
/** A token is renewed when a tenth of its lifetime is left, but at most 5 minutes before its end. */
const RENEWED_SHARE = 0.1;
const RENEWED_BEFORE_MS = 5 * MINUTE_MS;
/**
 * How long a refusal is cached, so that many probes with one credential cost one request. Shorter than a tick, which
 * tries again.
 */
const REFUSAL_KEPT_MS = 5_000;
/** Pause after a failed renewal while the old token is still valid. */
const RENEWAL_PAUSE_MS = 30_000;

interface Kept extends Token {
  givenAt: number;
  renewedFrom: number;
  endsAt: number;
}

/** The cached token of one credential. */
interface Entry {
  /** The secret that the token was requested with. A changed secret is another credential. */
  secret: string;
  kept: Kept | null;
  underWay: Promise<Kept> | null;
  refusal: { error: unknown; at: number } | null;
}

export function createTokens({ keys, now = Date.now, ...options }: TokensOptions): Tokens {
  const entries = new Map<string, Entry>();
  const deadlines = new Set<Deadline>();

  function entryOf(auth: TokenAuth, secret: Secret): Entry {
    const id = JSON.stringify(auth);
    const known = entries.get(id);
    if (known?.secret === secret.reveal()) return known;
    const entry: Entry = { secret: secret.reveal(), kept: null, underWay: null, refusal: null };
    entries.set(id, entry);
    return entry;
  }

  async function ask(entry: Entry, auth: TokenAuth, secret: Secret): Promise<Kept> {
    const deadline = new Deadline(TIMEOUT_MS);
    deadlines.add(deadline);
    try {
      const grant = grantFor(auth, secret, new Date(now()));
      const { token, lifetimeMs } = await exchange(options, auth.tokenUrl, grant, deadline);
      const givenAt = now();
      const endsAt = givenAt + lifetimeMs;
      const renewedFrom = endsAt - Math.min(RENEWED_BEFORE_MS, lifetimeMs * RENEWED_SHARE);
      const kept = { token, secrets: [token, ...grant.secrets], givenAt, renewedFrom, endsAt };
      Object.assign(entry, { kept, refusal: null });
      return kept;
    } catch (error) {
      entry.refusal = { error, at: now() };
      throw error;
    } finally {
      deadline.clear();
      deadlines.delete(deadline);
      entry.underWay = null;
    }
  }

  /** False after the clock was set back, since the age of a token is unknown then. */
  const isBetween = (from: number, to: number) => now() >= from && now() < to;

  /** A recent failure that would be repeated; null: a request is worth trying. */
  function recentRefusal({ refusal, kept }: Entry): unknown {
    if (refusal === null) return null;
    const isOldGood = kept !== null && isBetween(kept.givenAt, kept.endsAt);
    // Not cached: failures without an answer, so that the confirming probe a second later tries again.
    const isAnswer = refusal.error instanceof TokenError && ['auth', 'config'].includes(refusal.error.category);
    const keptMs = isOldGood ? RENEWAL_PAUSE_MS : isAnswer ? REFUSAL_KEPT_MS : 0;
    return isBetween(refusal.at, refusal.at + keptMs) ? refusal.error : null;
  }

  return {
    async get(auth) {
      const form = auth.type === 'google-service-account' ? 'document' : 'key';
      const secret = await keys.resolve(tokenSecretOf(auth).reference, form);
      const entry = entryOf(auth, secret);
      const { kept } = entry;
      if (kept !== null && isBetween(kept.givenAt, kept.renewedFrom)) return kept;
      try {
        const refusal = recentRefusal(entry);
        if (refusal !== null) throw refusal;
        entry.underWay ??= ask(entry, auth, secret);
        return await entry.underWay;
      } catch (error) {
        if (kept !== null && isBetween(kept.givenAt, kept.endsAt)) return kept;
        throw error;
      }
    },
    drop(token) {
      for (const entry of entries.values()) if (entry.kept?.token === token) entry.kept = null;
    },
    close() {
      for (const deadline of deadlines) deadline.cancel();
    },
  };
}
