/** Complete events as AWS sends them, so that a test fails when a handler reads a field that it should not. */

/** What an EventBridge rule with a schedule sends. @param time ISO 8601 UTC. */
export function scheduledEvent(time: string) {
  return {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '111122223333',
    time,
    region: 'eu-central-1',
    resources: ['arn:aws:events:eu-central-1:111122223333:rule/provider-health-every-minute'],
    detail: {},
  };
}

/** The event that SQS sends to the function for a delay queue's message. */
export function delayedEvent(time: string, delaySeconds: number) {
  return {
    Records: [
      {
        messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
        receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
        body: JSON.stringify({ time, delaySeconds }),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: String(Date.parse(time)),
          SenderId: 'AIDAIENQZJOLO23YVJ4VO',
          ApproximateFirstReceiveTimestamp: String(Date.parse(time) + delaySeconds * 1000),
        },
        messageAttributes: {},
        md5OfBody: '098f6bcd4621d373cade4e832627b4f6',
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:eu-central-1:111122223333:provider-health-delay-${delaySeconds}`,
        awsRegion: 'eu-central-1',
      },
    ],
  };
}

/**
 * What an HTTP API sends, payload format 2.0.
 *
 * @param target Path and query.
 * @param headers More than those of curl.
 */
export function httpEvent(method: string, target: string, body?: unknown, headers: Record<string, string> = {}) {
  const { pathname, search, searchParams } = new URL(target, 'https://api.example.com');
  const query = Object.fromEntries(searchParams);
  const host = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';
  return {
    version: '2.0',
    routeKey: `${method} ${pathname === '/' ? '/' : '/{proxy+}'}`,
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: {
      accept: '*/*',
      host,
      'user-agent': 'curl/8.5.0',
      'x-amzn-trace-id': 'Root=1-67291a32-04d2ae4f5a2b3c4d5e6f7a8b',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(search !== '' && { queryStringParameters: query }),
    ...(pathname !== '/' && { pathParameters: { proxy: pathname.slice(1) } }),
    requestContext: {
      accountId: '111122223333',
      apiId: 'a1b2c3d4e5',
      authorizer: {
        iam: {
          accessKey: 'ASIA0000000000000000',
          accountId: '111122223333',
          callerId: 'AROA00000000000000000:session',
          cognitoIdentity: null,
          principalOrgId: 'aws:PrincipalOrgID',
          userArn: 'arn:aws:sts::111122223333:assumed-role/operator/session',
          userId: 'AROA00000000000000000:session',
        },
      },
      domainName: host,
      domainPrefix: 'a1b2c3d4e5',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'curl/8.5.0' },
      requestId: 'AsbfHjZmliAEMJg=',
      routeKey: `${method} ${pathname === '/' ? '/' : '/{proxy+}'}`,
      stage: '$default',
      time: '04/Nov/2026:19:02:42 +0000',
      timeEpoch: 1793818962000,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}
