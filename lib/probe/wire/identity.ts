/**
 * Whether a server's certificate is for the name that was asked for. Node builds an object of the whole chain before it
 * asks, 0.3 to 0.6 ms of a handshake's 1.6; the names of the one certificate are all that is needed, where they match.
 */

import { isIP } from 'node:net';
import { checkServerIdentity, type DetailedPeerCertificate, type PeerCertificate, type TLSSocket } from 'node:tls';

const UNUSED = {} as DetailedPeerCertificate;

/** Keeps Node from building the chain, which it does only to hand it to `checkServerIdentity`: see {@link identityError}. */
export function withoutChain(socket: TLSSocket): void {
  socket.getPeerCertificate = () => UNUSED;
}

/**
 * For `checkServerIdentity` of the socket. Nothing passes that Node would refuse: a certificate that does not plainly name
 * the host is left to Node's own check, whose error it is then.
 */
export function identityError(socket: TLSSocket, name: string): Error | undefined {
  const certificate = socket.getPeerX509Certificate();
  const named = isIP(name)
    ? certificate?.checkIP(name)
    : certificate?.checkHost(name, { subject: 'never', partialWildcards: false });
  if (named !== undefined) return undefined;
  return checkServerIdentity(name, (certificate?.toLegacyObject() ?? UNUSED) as PeerCertificate);
}
