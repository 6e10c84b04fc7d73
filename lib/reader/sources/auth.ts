/** How a request to the HTTP API says who sends it. */

import { type AwsCredentials, signedForApi } from './iam.ts';

/**
 * `none`: an API with `publicStatus`, or a local one. `bearer`: a token of the configured JWT issuer; a function is
 * asked before each request, so that it can renew one. `iam`: signed by AWS credentials.
 */
export type ReaderAuth =
  | { type: 'none' }
  | { type: 'bearer'; token: string | (() => string | Promise<string>) }
  | {
      type: 'iam';
      /** Region of the API. Default: the one in its URL, else AWS_REGION. */
      region?: string;
      /** A function is asked before each request. Default: those that the AWS SDK finds. */
      credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
    };

export const AUTH_TYPES: readonly string[] = ['none', 'bearer', 'iam'] satisfies ReaderAuth['type'][];

/** The headers of a request, by default a GET. */
export type Authorize = (url: string, method?: 'GET' | 'POST') => Promise<Record<string, string>>;

export function authorizer(auth: ReaderAuth): Authorize {
  return async (url, method = 'GET') => {
    if (auth.type === 'iam') return signedForApi(url, auth, method);
    if (auth.type === 'none') return {};
    return { authorization: `Bearer ${typeof auth.token === 'function' ? await auth.token() : auth.token}` };
  };
}
