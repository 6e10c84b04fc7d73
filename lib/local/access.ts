/**
 * Access to a local monitor that serves other machines: by passwords, as in a deployed one. One allows to read, check and
 * change; another, where it is given, only to read.
 */

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Access } from '../api/access/caller.ts';
import { createPasswordGuard } from '../api/access/password.ts';
import type { Log } from '../base/log.ts';
import { silentLog } from '../base/log.ts';
import type { Password } from '../config/access.ts';
import type { KeyResolver } from '../keys/keys.ts';
import { MISUSED, StartError } from './start-error.ts';

export interface AccessOptions {
  /** Reference of the operator's. */
  password: string;
  /** Reference of the readers'; null: there is none. */
  readPassword: string | null;
  keys: KeyResolver;
  log: Log;
  now: () => Date;
}

/** @throws {StartError} When a password cannot be read now, or is too short. */
export async function openByPassword({ password, readPassword, keys, log, now }: AccessOptions): Promise<Access> {
  const passwords: Password[] = [{ name: 'operator', role: 'operator', reference: password }];
  if (readPassword !== null) passwords.push({ name: 'reader', role: 'reader', reference: readPassword });
  const resolve = (reference: string) => keys.resolve(reference);
  await refuseUnreadable(passwords, resolve);
  const guard = createPasswordGuard({ passwords, resolve, log, now: () => now().getTime() });
  return {
    challenge: guard.challenge,
    async identify(request, address) {
      // It says whether the monitor works, and nothing of what it monitors; its callers cannot send a password.
      if (new URL(request.url).pathname === '/healthz') return { name: 'healthz', role: 'reader' };
      return guard.identify(request, address);
    },
  };
}

/** The guard itself is asked, since only it knows what it accepts. */
async function refuseUnreadable(passwords: readonly Password[], resolve: KeyResolver['resolve']): Promise<void> {
  const reasons: string[] = [];
  const log: Log = { ...silentLog, error: (_message, fields) => void reasons.push(String(fields?.error)) };
  const attempt = new Request('http://localhost/', { headers: { authorization: 'Bearer none' } });
  await createPasswordGuard({ passwords, resolve, log })
    .identify(attempt, '')
    .catch(() => null);
  if (reasons.length > 0) throw new StartError(`--password: ${reasons.join('; ')}`, MISUSED);
}

const INSIDE = new BlockList();
for (const [net, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  INSIDE.addSubnet(net, prefix, 'ipv4');
}
INSIDE.addAddress('::1', 'ipv6');
INSIDE.addSubnet('fc00::', 7, 'ipv6');

/**
 * The sender's address, to count wrong passwords by. Behind a proxy it is the last one of `X-Forwarded-For`, which the
 * proxy itself added; a sender from outside that skips the proxy is known by its own.
 */
export function addressOf(env: unknown, hasProxy: boolean): string {
  const { socket, headers } = (env as { incoming: IncomingMessage }).incoming;
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const version = isIP(peer);
  if (!hasProxy || version === 0 || !INSIDE.check(peer, version === 4 ? 'ipv4' : 'ipv6')) return peer;
  return (
    String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim() || peer
  );
}
