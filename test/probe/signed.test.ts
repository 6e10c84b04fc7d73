import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Credentials } from '../../lib/base/aws-credentials.ts';
import type { ProbeKind, ProviderConfig } from '../../lib/health/provider.ts';
import { createAwsIdentity } from '../../lib/keys/aws-identity.ts';
import { signed } from '../../lib/probe/signing.ts';
import { checksSignature, refused, type SignedBy } from '../support/servers/bedrock.ts';
import { answer, type Behaviour, type Peer, startPeer } from '../support/servers/peer.ts';
import { probeOnce, targetOf } from '../support/servers/probing.ts';

const peers: Peer[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(peers.splice(0).map((peer) => peer.close()));
});

const ROLE: Credentials = {
  accessKeyId: 'ASIAQ3EGPROVIDERHLTH',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYZq8vT1mXw4',
  sessionToken: 'IQoJb3JpZ2luX2VjEHMaCXVzLWVhc3QtMSJHMEUCIQDp+Lr7PnKc2Jd==',
};
const CONVERSED = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: 'ok' }] } },
  stopReason: 'max_tokens',
  usage: { inputTokens: 5, outputTokens: 1, totalTokens: 6 },
});
const good: Behaviour = (socket) => void socket.write(answer(CONVERSED));
const listing: Behaviour = (socket) => void socket.write(answer('{"modelSummaries":[]}'));

interface Asked {
  behave?: Behaviour;
  credentials?: Credentials;
  server?: Partial<SignedBy>;
  settings?: Partial<ProviderConfig>;
  kind?: ProbeKind;
}

async function asked({ behave = good, credentials = ROLE, server = {}, settings = {}, kind }: Asked = {}) {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  const peer = await startPeer(checksSignature({ credentials: ROLE, region: 'eu-central-1', ...server }, behave));
  peers.push(peer);
  const config = {
    type: 'bedrock',
    model: 'amazon.nova-micro-v1:0',
    baseUrl: peer.origin,
    apiKey: null,
    ...settings,
  } as const;
  const outcome = await probeOnce(targetOf(peer, config, kind), { awsIdentity: async () => credentials });
  return { outcome, request: peer.requests[0] ?? '' };
}

describe('a provider of type bedrock without a key', () => {
  test('is asked with a signature that AWS accepts', async () => {
    const { outcome, request } = await asked();
    expect(outcome).toMatchObject({ isHealthy: true, errorMessage: null, tokens: { input: 5, output: 1 } });
    expect(request).toMatch(/\r\nx-amz-security-token: IQoJ/i);
  });

  test.each([
    'eu.amazon.nova-micro-v1:0',
    'arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3d4e5f6',
    'a model + (with) all* of ~it',
  ])('is asked so for the model %s', async (model) => {
    expect((await asked({ settings: { model } })).outcome).toMatchObject({ isHealthy: true });
  });

  test('is asked so with credentials that last, headers and fields of its own', async () => {
    const { sessionToken: _, ...lasting } = ROLE;
    const settings = { headers: { 'X-Team': '  a   b ' }, body: { system: [{ text: 'höflich 🦜' }] } };
    const { outcome } = await asked({ credentials: lasting, server: { credentials: lasting }, settings });
    expect(outcome).toMatchObject({ isHealthy: true });
  });

  test('is asked so for its list of models', async () => {
    expect((await asked({ kind: 'models', behave: listing })).outcome).toMatchObject({ isHealthy: true, tokens: null });
  });

  test('is asked with a signature for the region of its host, not of the environment', async () => {
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    const url = 'https://bedrock-runtime.us-west-2.amazonaws.com/model/m/converse';
    const { headers } = signed({ method: 'POST', url, headers: {}, body: '{}' }, ROLE);
    expect(headers.authorization).toContain('/us-west-2/bedrock/aws4_request, SignedHeaders=host;');
  });

  test('is auth, and ours, where the server is in another region', async () => {
    expect((await asked({ server: { region: 'us-east-1' } })).outcome).toMatchObject({
      category: 'auth',
      fault: 'ours',
    });
  });

  test('shows nothing of the credentials, though the provider repeats them', async () => {
    const repeats: Behaviour = (socket) => {
      const { secretAccessKey, sessionToken, accessKeyId } = ROLE;
      socket.write(refused(500, 'InternalServerException', `${accessKeyId} ${secretAccessKey} and ${sessionToken}`));
    };
    const { outcome } = await asked({ behave: repeats });
    const shown = JSON.stringify(outcome);
    for (const secret of Object.values(ROLE)) expect(shown).not.toContain(secret?.slice(4, 16));
    expect(shown).toContain('*** and ***');
  });
});

describe('a signed request that is refused', () => {
  const MINUTES_6 = 6 * 60_000;

  test.each([
    ['late', MINUTES_6],
    ['early', -MINUTES_6],
  ])("names the clock when it comes %s by AWS's", async (_when, ms) => {
    const { outcome } = await asked({ server: { now: () => new Date(Date.now() + ms) } });
    expect(outcome).toMatchObject({ category: 'auth', fault: 'ours', statusCode: 403 });
    expect(outcome.errorMessage).toMatch(/Correct the clock of the monitor/);
  });

  test('says what to allow when IAM denies it', async () => {
    const words =
      'User: arn:aws:sts::123456789012:assumed-role/check/check is not authorized to perform: bedrock:InvokeModel';
    const { outcome } = await asked({
      behave: (socket) => void socket.write(refused(403, 'AccessDeniedException', words)),
    });
    expect(outcome).toMatchObject({ category: 'auth', fault: 'ours' });
    expect(outcome.errorMessage).toContain('bedrock:InvokeModel. In IAM, allow this action');
  });

  test.each([
    ['another secret', { ...ROLE, secretAccessKey: 'another' }],
    ['a key that is gone', { ...ROLE, accessKeyId: 'ASIAGONE' }],
  ])('with %s is auth, and ours', async (_what, credentials) => {
    expect((await asked({ credentials })).outcome).toMatchObject({ category: 'auth', fault: 'ours' });
  });

  test.each([
    [429, 'ThrottlingException', 'rate_limited'],
    [429, 'ModelNotReadyException', 'overloaded'],
  ])('with %i %s is %s', async (status, name, category) => {
    const behave: Behaviour = (socket) => void socket.write(refused(status, name, '(words)'));
    expect((await asked({ behave })).outcome).toMatchObject({ category });
  });
});

describe('no request is sent', () => {
  async function refusedBeforehand(baseUrl: string, options: Parameters<typeof probeOnce>[1]) {
    const config = { type: 'bedrock', baseUrl, apiKey: null } as const;
    const outcome = await probeOnce(targetOf({ origin: '' }, config), { addressPolicy: 'public', ...options });
    expect(outcome).toMatchObject({ category: 'config', fault: 'ours', statusCode: null });
    return outcome.errorMessage;
  }
  const HOST = 'https://bedrock-runtime.eu-central-1.amazonaws.com';

  test('to a host that is not of Bedrock', async () => {
    const message = await refusedBeforehand('https://bedrock-runtime.eu-central-1.amazonaws.com.attacker.example', {
      awsIdentity: async () => ROLE,
    });
    expect(message).toMatch(/^baseUrl: expected a host of Bedrock such as https.*set apiKey$/);
  });

  test('without credentials, with what to do', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    const none = createAwsIdentity(() => Promise.reject(new Error('no such package')));
    expect(await refusedBeforehand(HOST, { awsIdentity: none })).toMatch(
      /^found no AWS credentials .* Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role, or set apiKey$/,
    );
  });

  test('for a provider that was registered where the configuration signs none', async () => {
    const message = await refusedBeforehand(HOST, {
      awsIdentity: async () => ROLE,
      keyRights: { allows: () => false },
    });
    expect(message).toContain('Declare a "bedrock" provider without apiKey');
  });
});

test('the credentials are those of the environment, read anew each time, unless a profile is named', async () => {
  vi.stubEnv('AWS_PROFILE', '');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAONE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'one');
  vi.stubEnv('AWS_SESSION_TOKEN', '');
  const identity = createAwsIdentity(async () => async () => ROLE);
  // An empty session token is none.
  expect(await identity()).toEqual({ accessKeyId: 'AKIAONE', secretAccessKey: 'one', sessionToken: '' });
  vi.stubEnv('AWS_SESSION_TOKEN', 'two');
  expect(await identity()).toEqual({ accessKeyId: 'AKIAONE', secretAccessKey: 'one', sessionToken: 'two' });
  vi.stubEnv('AWS_PROFILE', 'work');
  expect(await identity()).toEqual(ROLE);
});
