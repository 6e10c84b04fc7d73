import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, it } from 'vitest';
import { createSigner } from '../../../lib/store/dynamo/signature.ts';

const PERMANENT = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const TEMPORARY = { ...PERMANENT, sessionToken: 'IQoJb3JpZ2luX2VjE//////////wEaCXVzLWVhc3QtMSJ=' };
const REQUEST = {
  host: 'dynamodb.eu-central-1.amazonaws.com',
  region: 'eu-central-1',
  target: 'DynamoDB_20120810.PutItem',
  body: '{"TableName":"health","Item":{"pk":{"S":"größer ✓"}}}',
  at: new Date('2026-03-01T23:59:59.900Z'),
};

/** The same request, signed by another's hand. */
async function signedByLibrary(request: typeof REQUEST, credentials: typeof TEMPORARY | typeof PERMANENT) {
  const signer = new AwsV4Signer({
    ...credentials,
    url: `https://${request.host}/`,
    method: 'POST',
    service: 'dynamodb',
    region: request.region,
    datetime: request.at.toISOString().replace(/[-:]|\.\d{3}/g, ''),
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': request.target },
    body: request.body,
    allHeaders: true,
  });
  const { headers } = await signer.sign();
  return headers.get('authorization');
}

describe('the signature of a request to DynamoDB', () => {
  it.each([
    ['with keys that last', PERMANENT, REQUEST],
    ['with keys for a while', TEMPORARY, REQUEST],
    ['in another region', TEMPORARY, { ...REQUEST, host: 'dynamodb.us-east-1.amazonaws.com', region: 'us-east-1' }],
    ['at a port', PERMANENT, { ...REQUEST, host: '127.0.0.1:8000' }],
  ])('%s is what another signer makes of it', async (_what, credentials, request) => {
    const { authorization } = createSigner()(request, credentials);
    expect(authorization).toBe(await signedByLibrary(request, credentials));
  });

  it('follows the day, the region and the keys, though the key of the day is kept', async () => {
    const sign = createSigner();
    const tomorrow = { ...REQUEST, at: new Date('2026-03-02T00:00:01.000Z') };
    const others = { ...PERMANENT, secretAccessKey: 'another' };
    for (const [request, credentials] of [
      [REQUEST, PERMANENT],
      [tomorrow, PERMANENT],
      [tomorrow, others],
      [{ ...tomorrow, region: 'us-east-1' }, others],
    ] as const) {
      expect(sign(request, credentials).authorization).toBe(await signedByLibrary(request, credentials));
    }
  });
});
