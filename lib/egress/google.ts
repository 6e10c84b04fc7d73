/** The hosts of Vertex AI: the only ones that a token of a Google service account goes to. */

import { isLoopbackUrl } from '../base/loopback.ts';

/** One for all regions, one in each, those of multi-regions, and private endpoints. */
const HOST = /^(?:[a-z0-9-]+-)?aiplatform(?:\.[a-z0-9-]+){0,2}\.googleapis\.com$/;

/**
 * Why no such token goes to a URL; null when it may. It opens all that the account may use in Google Cloud, so another host
 * must not get it by mistake. A server on this machine may, which tests need.
 */
export function refuseGoogleToken(url: string): string | null {
  if (isLoopbackUrl(url)) return null;
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== 'https:' || port !== '' || !HOST.test(hostname)) {
    return (
      'expected a host of Vertex AI such as https://europe-west1-aiplatform.googleapis.com, since tokens of a service account ' +
      'go nowhere else. Correct it, or set apiKey'
    );
  }
  if (pathname.includes('/projects/')) return null;
  return (
    'expected the URL of a project, which tokens are for, such as ' +
    'https://europe-west1-aiplatform.googleapis.com/v1/projects/NAME/locations/europe-west1/publishers/google. Correct it'
  );
}
