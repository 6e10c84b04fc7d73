/**
 * Identifies callers by a password: HTTP Basic for browsers and Prometheus, Bearer for programs. Several named secrets
 * can be valid at once, so that each can be replaced or removed alone.
 */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { messageOf } from '../../base/error-text.ts';
import type { Log } from '../../base/log.ts';
import type { Password } from '../../config/access.ts';
import { Problem } from '../http/problem.ts';
import { createAttempts } from './attempts.ts';
import { passwordOf } from './authorization.ts';
import type { Access, Caller, ResolveSecret } from './caller.ts';

export interface PasswordGuardOptions {
  passwords: readonly Password[];
  /** Resolves secrets, and caches them for some minutes. */
  resolve: ResolveSecret;
  log: Log;
  /** A clock in milliseconds. Default: the system's. */
  now?: () => number;
}

/** A shorter password could be guessed. */
const SHORTEST_PASSWORD = 12;

/** Without `charset`, browsers encode letters beyond ASCII in different ways. */
const CHALLENGE = 'Basic realm="Provider Health", charset="UTF-8"';

export function createPasswordGuard({ passwords, resolve, log, now = Date.now }: PasswordGuardOptions): Access {
  // All digests have the same length, so comparing them takes the same time for every password. The key is new in each
  // process.
  const key = randomBytes(32);
  const digestOf = (text: string) => createHmac('sha256', key).update(text).digest();
  const attempts = createAttempts(now);
  const unreadable = new Set<string>();

  /** The password's digest; null when the secret cannot be read. */
  async function read({ name, reference }: Password): Promise<Buffer | null> {
    try {
      const text = (await resolve(reference)).reveal();
      if (text.length < SHORTEST_PASSWORD) {
        throw new Error(
          `${reference}: expected a password of at least ${SHORTEST_PASSWORD} characters, got ${text.length}`,
        );
      }
      unreadable.delete(reference);
      return digestOf(text);
    } catch (error) {
      // Log it once, not with every request.
      if (!unreadable.has(reference)) log.error('password unreadable', { password: name, error: messageOf(error) });
      unreadable.add(reference);
      return null;
    }
  }

  /** Compares with every secret, so that the time does not show which of them matched. */
  async function match(given: Buffer): Promise<{ found: Password | null; isComplete: boolean }> {
    const known = await Promise.all(passwords.map(read));
    let found: Password | null = null;
    passwords.forEach((password, i) => {
      const right = known[i];
      if (!right || !timingSafeEqual(given, right)) return;
      // If the same secret has two names, the stronger role counts.
      if (found === null || password.role === 'operator') found = password;
    });
    return { found, isComplete: !known.includes(null) };
  }

  return {
    challenge: CHALLENGE,
    async identify(request, address): Promise<Caller | null> {
      const text = passwordOf(request.headers.get('authorization'));
      if (text === null) return null;
      const given = digestOf(text);
      const digest = given.toString('hex');
      const waitSeconds = attempts.waitSeconds(address, digest);
      if (waitSeconds > 0) throw tooManyAttempts(waitSeconds);
      const { found, isComplete } = await match(given);
      if (found) {
        attempts.pass(address, digest);
        return { name: found.name, role: found.role };
      }
      if (!isComplete) throw unavailable();
      if (attempts.fail(address)) log.warn('too many wrong passwords', { address });
      return null;
    },
  };
}

function tooManyAttempts(retryAfterSeconds: number): Problem {
  const detail = `Too many wrong passwords came from this address. Try again in ${retryAfterSeconds} s.`;
  return new Problem('too_many_attempts', detail, { retryAfterSeconds });
}

/** The caller's password may be the one that cannot be read, so this is not an answer 401. */
function unavailable(): Problem {
  const detail =
    'The password matches none that the monitor can read, and it cannot read all of them now. Its log says why.';
  return new Problem('access_unavailable', detail, { retryAfterSeconds: 5 });
}
