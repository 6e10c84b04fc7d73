/** Signs requests for API Gateway. */

import type { Credentials } from '../../base/aws-credentials.ts';
import { type Account, accountOf } from '../../store/dynamo/account.ts';
import { signed } from './aws.ts';

export type AwsCredentials = Credentials;

export interface IamOptions {
  region?: string;
  credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
}

/** Kept, so that region and credentials are searched only once. */
let own: Account | undefined;

/** The headers of a signed request to `address`. */
export async function signedForApi(address: string, { region, credentials }: IamOptions, method: 'GET' | 'POST') {
  const url = new URL(address);
  // `abc.execute-api.eu-central-1.amazonaws.com` contains the region; a custom domain does not.
  const [, named] = /\.execute-api\.([\w-]+)\.amazonaws\.com/.exec(url.host) ?? [];
  own ??= accountOf({});
  const keys = typeof credentials === 'object' ? credentials : await (credentials ?? own.credentials)();
  const request = { method, url, service: 'execute-api', region: region ?? named ?? (await own.region()) } as const;
  return signed(request, keys);
}
