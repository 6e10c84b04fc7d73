/**
 * Access to a local monitor that serves other machines: by passwords, like in a deployed monitor. The operator's
 * password allows everything; an optional second password only allows reading.
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
  /** Reference to the operator's password. */
  password: string;
  /** Reference to the readers' password; null: there is none. */
  readPassword: string | null;
  keys: KeyResolver;
  log: Log;
  now: () => Date;
}

/** @throws {StartError} When a password cannot be read, or is too short. */
export async function openByPassword({ password, readPassword, keys, log, now }: AccessOptions): Promise<Access> {
  const passwords: Password[] = [{ name: 'operator', role: 'operator', reference: password }];
  if (readPassword !== null) passwords.push({ name: 'reader', role: 'reader', reference: readPassword });
  const resolve = (reference: string) => keys.resolve(reference);
  await refuseUnreadable(passwords, resolve);
  const guard = createPasswordGuard({ passwords, resolve, log, now: () => now().getTime() });
  return {
    challenge: guard.challenge,
    async identify(request, address) {
      // Open for everybody: health probes cannot send a password, and the answer says nothing about the providers.
      if (new URL(request.url).pathname === '/healthz') return { name: 'healthz', role: 'reader' };
      return guard.identify(request, address);
    },
  };
}

/** Tries the passwords with a password guard, since only the guard knows which ones it accepts. */
async function refuseUnreadable(passwords: readonly Password[], resolve: KeyResolver['resolve']): Promise<void> {
  const reasons: string[] = [];
  const log: Log = { ...silentLog, error: (_message, fields) => void reasons.push(String(fields?.error)) };
  const attempt = new Request('http://localhost/', { headers: { authorization: 'Bearer none' } });
  await createPasswordGuard({ passwords, resolve, log })
    .identify(attempt, '')
    .catch(() => null);
  if (reasons.length > 0) throw new StartError(`--password: ${reasons.join('; ')}`, MISUSED);
}

const PRIVATE_ADDRESSES = new BlockList();
for (const [net, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  PRIVATE_ADDRESSES.addSubnet(net, prefix, 'ipv4');
}
PRIVATE_ADDRESSES.addAddress('::1', 'ipv6');
PRIVATE_ADDRESSES.addSubnet('fc00::', 7, 'ipv6');

/**
 * The sender's address; wrong passwords are counted by it. Behind a proxy it is the last address in `X-Forwarded-For`,
 * which the proxy has added. A header from a public address is ignored: that sender did not come through the proxy.
 */
export function addressOf(env: unknown, hasProxy: boolean): string {
  const { socket, headers } = (env as { incoming: IncomingMessage }).incoming;
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const version = isIP(peer);
  if (!hasProxy || version === 0 || !PRIVATE_ADDRESSES.check(peer, version === 4 ? 'ipv4' : 'ipv6')) return peer;
  return (
    String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .at(-1)
      ?.trim() || peer
  );
}
