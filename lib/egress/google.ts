/** The hosts of Vertex AI. Access tokens of a Google service account are sent only to these. */

import { isLoopbackUrl } from '../base/loopback.ts';

/** The global host, those of regions and multi-regions, and private endpoints. */
const HOST = /^(?:[a-z0-9-]+-)?aiplatform(?:\.[a-z0-9-]+){0,2}\.googleapis\.com$/;

/**
 * The reason why a URL may get no access token; null when it may. A token gives access to everything that the account may use in
 * Google Cloud, so no other host may get it by mistake. Loopback is allowed, for tests.
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
