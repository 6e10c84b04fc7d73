import { createHash, createHmac } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, it } from 'vitest';
import { EMPTY_BODY_SHA256, pathInS3, queryOf } from '../../lib/base/aws-canonical.ts';
import { createSigner, type RequestToSign } from '../../lib/base/aws-signature.ts';
import { headersFor } from '../../lib/store/dynamo/protocol.ts';

const PERMANENT = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const TEMPORARY = { ...PERMANENT, sessionToken: 'IQoJb3JpZ2luX2VjE//////////wEaCXVzLWVhc3QtMSJ=' };
const PUT: RequestToSign = {
  method: 'POST',
  url: new URL('https://dynamodb.eu-central-1.amazonaws.com'),
  service: 'dynamodb',
  region: 'eu-central-1',
  headers: headersFor('PutItem'),
  body: '{"TableName":"health","Item":{"pk":{"S":"größer ✓"}}}',
  at: new Date('2026-03-01T23:59:59.900Z'),
};
const GET: RequestToSign = {
  method: 'GET',
  url: new URL('https://abc.execute-api.eu-central-1.amazonaws.com/prod/v1/providers'),
  service: 'execute-api',
  region: 'eu-central-1',
  at: PUT.at,
};
const CONVERSE: RequestToSign = {
  ...PUT,
  url: new URL(
    `https://bedrock-runtime.eu-central-1.amazonaws.com/model/${encodeURIComponent('arn:aws:bedrock:eu:1:profile/a+b (c)')}/converse`,
  ),
  service: 'bedrock',
  headers: {},
};
const OBJECT: RequestToSign = {
  method: 'GET',
  url: new URL("https://s3.eu-central-1.amazonaws.com/my.bucket/health/a_(1)!~%20'x*.json"),
  service: 's3',
  region: 'eu-central-1',
  headers: { 'if-none-match': '"etag"', 'x-amz-content-sha256': EMPTY_BODY_SHA256 },
  at: PUT.at,
};
OBJECT.path = pathInS3(OBJECT.url);

function withQuery(address: string): RequestToSign {
  const url = new URL(address);
  return { ...GET, url, query: queryOf(url) };
}
const newSigner = () => createSigner({ createHash, createHmac });

/** The same request, signed by another's hand. */
async function signedByLibrary(request: RequestToSign, credentials: typeof TEMPORARY | typeof PERMANENT) {
  const signer = new AwsV4Signer({
    ...request,
    ...credentials,
    url: request.url.href,
    datetime: request.at.toISOString().replace(/[-:]|\.\d{3}/g, ''),
    allHeaders: true,
  });
  const { headers } = await signer.sign();
  return headers.get('authorization');
}

describe('the signature of a request to AWS', () => {
  it.each([
    ['with keys that last', PERMANENT, PUT],
    ['with keys for a while', TEMPORARY, PUT],
    [
      'in another region',
      TEMPORARY,
      { ...PUT, url: new URL('https://dynamodb.us-east-1.amazonaws.com'), region: 'us-east-1' },
    ],
    ['at a port', PERMANENT, { ...PUT, url: new URL('http://127.0.0.1:8000') }],
    ['without a body', TEMPORARY, GET],
    ['with a query', TEMPORARY, withQuery(`${GET.url}?to=b+c&from=2026-03-01T10:00Z&flag&to=a%2Fb&A=!`)],
    ['of a model of Bedrock', TEMPORARY, CONVERSE],
    ['of an object in S3', TEMPORARY, OBJECT],
    ['of a path with marks', PERMANENT, { ...GET, url: new URL("https://health.example.com/a%20b/it's(*)!/~c,d/x") }],
  ])('%s is what another signer makes of it', async (_what, credentials, request) => {
    const { authorization } = newSigner()(request, credentials);
    expect(authorization).toBe(await signedByLibrary(request, credentials));
  });

  it('follows the day, the region and the keys, though the key of the day is kept', async () => {
    const sign = newSigner();
    const tomorrow = { ...PUT, at: new Date('2026-03-02T00:00:01.000Z') };
    const others = { ...PERMANENT, secretAccessKey: 'another' };
    for (const [request, credentials] of [
      [PUT, PERMANENT],
      [tomorrow, PERMANENT],
      [tomorrow, others],
      [{ ...tomorrow, region: 'us-east-1' }, others],
    ] as const) {
      expect(sign(request, credentials).authorization).toBe(await signedByLibrary(request, credentials));
    }
  });
});
