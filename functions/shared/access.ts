/** Decides who may call the deployed API, for the functions that serve it. */

import type { Access } from '../../lib/api/access/caller.ts';
import { createDoor } from '../../lib/api/access/door.ts';
import { createPasswordGuard } from '../../lib/api/access/password.ts';
import type { AccessSettings } from '../../lib/config/access.ts';
import { createKeyResolver } from '../../lib/keys/keys.ts';
import { log } from './log.ts';

export async function openAccess({ passwords, oidc, publicReads, publicUrl }: AccessSettings): Promise<Access> {
  const keys = createKeyResolver();
  const resolve = (reference: string) => keys.resolve(reference);
  return createDoor({
    guard: passwords.length === 0 ? null : createPasswordGuard({ passwords, resolve, log }),
    oidc: oidc && (await loadOidc())({ settings: oidc, publicUrl, resolve, log, isRequired: !publicReads }),
    publicReads,
  });
}

/** Loaded only where there is a sign-in, so that other cold starts do not pay for the protocol. */
async function loadOidc() {
  return (await import('../../lib/api/access/oidc.ts')).createOidc;
}
