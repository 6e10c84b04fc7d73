/** The hosts of Amazon Bedrock: the only ones that a request signed by the monitor's own AWS identity goes to. */

import { isLoopbackUrl } from '../base/loopback.ts';
import type { ProviderConfig } from '../health/provider.ts';

const HOST =
  /^(?:vpce-[a-z0-9-]+\.)?bedrock(?:-runtime)?(?:-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-\d+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws)$/;

/** Whether its requests are signed: without a key, Bedrock is asked as the function's role, or as the user that runs the monitor. */
export function isSigned({ type, apiKey }: Pick<ProviderConfig, 'type' | 'apiKey'>): boolean {
  return type === 'bedrock' && apiKey === null;
}

/** The region of one of Bedrock's hosts, with https; null for every other URL. */
export function regionOfBedrock(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  return protocol === 'https:' && port === '' ? (HOST.exec(hostname)?.[1] ?? null) : null;
}

/** Why no signed request goes to a URL; null when it may. A server on this machine may get one, which tests need. */
export function refuseSigning(url: string): string | null {
  if (regionOfBedrock(url) !== null || isLoopbackUrl(url)) return null;
  return (
    'expected a host of Bedrock such as https://bedrock-runtime.eu-central-1.amazonaws.com, since requests without a key ' +
    'are signed by AWS credentials, which go nowhere else. Correct it, or set apiKey'
  );
}
