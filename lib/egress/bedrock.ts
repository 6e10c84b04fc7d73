/** The hosts of Amazon Bedrock. Requests that are signed with the monitor's own AWS credentials go only to these. */

import { isLoopbackUrl } from '../base/loopback.ts';
import type { ProviderConfig } from '../health/provider.ts';

const HOST =
  /^(?:vpce-[a-z0-9-]+\.)?bedrock(?:-runtime)?(?:-fips)?\.([a-z]{2,4}(?:-[a-z]+)+-\d+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws)$/;

/** Whether requests are signed: Bedrock without a key uses the AWS credentials of the function's role, or of the local user. */
export function isSigned({ type, apiKey }: Pick<ProviderConfig, 'type' | 'apiKey'>): boolean {
  return type === 'bedrock' && apiKey === null;
}

/** The region in an https URL of Bedrock; null for every other URL. */
export function regionOfBedrock(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  return protocol === 'https:' && port === '' ? (HOST.exec(hostname)?.[1] ?? null) : null;
}

/** The reason why a URL may get no signed request; null when it may. Loopback is allowed, for tests. */
export function refuseSigning(url: string): string | null {
  if (regionOfBedrock(url) !== null || isLoopbackUrl(url)) return null;
  return (
    'expected a host of Bedrock such as https://bedrock-runtime.eu-central-1.amazonaws.com, since requests without a key ' +
    'are signed by AWS credentials, which go nowhere else. Correct it, or set apiKey'
  );
}
