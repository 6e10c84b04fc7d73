/**
 * Credentials for the role of an ECS task or an EKS pod. AWS puts the address of the credentials into environment variables.
 * The AWS SDK reads the same address; this code saves loading the SDK.
 */

import type { Credentials } from './aws-credentials.ts';
import { isLoopbackHost } from './loopback.ts';

/**
 * Null when the environment names no address, when it names a source that comes first (a profile, a file), or when the
 * address gives no credentials. The caller then uses the AWS SDK.
 */
export type ContainerCredentials = () => Promise<Credentials | null>;

/** The SDK looks at these variables before it asks the container's address. */
const EARLIER = ['AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'];
/** The hosts of ECS, and of EKS by IPv4 and IPv6. The token is sent only to these, to this machine, or over https. */
const HOSTS = ['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]'];
const TIMEOUT_MS = 1000;
/** Renew the credentials five minutes before they expire, as the SDK does. */
const EARLY_MS = 300_000;

export function createContainerCredentials(now: () => number = Date.now): ContainerCredentials {
  let kept: Credentials | null = null;
  let endsAtMs = 0;
  let underWay: Promise<void> | null = null;

  async function renew(url: URL): Promise<void> {
    const { existsSync, readFileSync } = await import('node:fs');
    const { HOME, AWS_CONTAINER_AUTHORIZATION_TOKEN, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } = process.env;
    if (existsSync(`${HOME}/.aws`)) return;
    const authorization = file ? readFileSync(file, 'utf8') : AWS_CONTAINER_AUTHORIZATION_TOKEN;
    const headers: Record<string, string> = authorization ? { authorization } : {};
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await response.json()) as Record<string, string>;
    if (!AccessKeyId || !SecretAccessKey) return;
    kept = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
    // Without an end they are used for now, and asked for before each request.
    endsAtMs = Date.parse(Expiration ?? '') || now() + EARLY_MS;
  }

  return async () => {
    const url = addressIn(process.env);
    if (url === null) return null;
    if (now() >= endsAtMs - EARLY_MS) {
      // A failed request does no harm: the kept credentials are still valid, since they are renewed early.
      underWay ??= renew(url)
        .catch(() => {})
        .finally(() => {
          underWay = null;
        });
      await underWay;
    }
    return now() < endsAtMs ? kept : null;
  };
}

function addressIn(env: NodeJS.ProcessEnv): URL | null {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = env;
  const address = path ? `http://169.254.170.2${path}` : full;
  if (!address || !URL.canParse(address) || EARLIER.some((name) => env[name])) return null;
  const url = new URL(address);
  return url.protocol === 'https:' || HOSTS.includes(url.hostname) || isLoopbackHost(url.hostname) ? url : null;
}
