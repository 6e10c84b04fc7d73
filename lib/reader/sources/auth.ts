/** Authorization of requests to the HTTP API. */

import { type AwsCredentials, signedForApi } from './iam.ts';

/**
 * `none`: for an API that anyone may read, or a local one. `bearer`: a token that the API accepts; a function is called before
 * each request, so that it can renew the token. `iam`: requests are signed with AWS credentials.
 */
export type ReaderAuth =
  | { type: 'none' }
  | { type: 'bearer'; token: string | (() => string | Promise<string>) }
  | {
      type: 'iam';
      /** Region of the API. Default: the one in its URL, else AWS_REGION. */
      region?: string;
      /** Credentials, or a function that is called before each request. Default: those that the AWS SDK finds. */
      credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
    };

export const AUTH_TYPES: readonly string[] = ['none', 'bearer', 'iam'] satisfies ReaderAuth['type'][];

/** Returns the headers for a request. Default method: GET. */
export type Authorize = (url: string, method?: 'GET' | 'POST') => Promise<Record<string, string>>;

export function authorizer(auth: ReaderAuth): Authorize {
  return async (url, method = 'GET') => {
    if (auth.type === 'iam') return signedForApi(url, auth, method);
    if (auth.type === 'none') return {};
    return { authorization: `Bearer ${typeof auth.token === 'function' ? await auth.token() : auth.token}` };
  };
}
