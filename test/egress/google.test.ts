import { describe, expect, it } from 'vitest';
import { refuseGoogleToken } from '../../lib/egress/google.ts';

const PATH = '/v1/projects/p/locations/global/publishers/google';
const HOST =
  'expected a host of Vertex AI such as https://europe-west1-aiplatform.googleapis.com, since tokens of a service account ' +
  'go nowhere else. Correct it, or set apiKey';
const PROJECT =
  'expected the URL of a project, which tokens are for, such as ' +
  'https://europe-west1-aiplatform.googleapis.com/v1/projects/NAME/locations/europe-west1/publishers/google. Correct it';

describe('a token of a Google service account', () => {
  it.each([
    `https://aiplatform.googleapis.com${PATH}`,
    `https://europe-west1-aiplatform.googleapis.com${PATH}`,
    `https://aiplatform.eu.rep.googleapis.com${PATH}`,
    `https://x7k-aiplatform.p.googleapis.com${PATH}`,
    'http://localhost:8080/v1',
    'http://127.0.0.1:8080',
  ])('goes to %s', (url) => {
    expect(refuseGoogleToken(url)).toBeNull();
  });

  it.each([
    `http://aiplatform.googleapis.com${PATH}`,
    `https://aiplatform.googleapis.com:8443${PATH}`,
    `https://storage.googleapis.com${PATH}`,
    `https://aiplatform.googleapis.com.attacker.example${PATH}`,
    `https://attacker.example/aiplatform.googleapis.com${PATH}`,
    `https://attacker.example.aiplatform.googleapis.com${PATH}`,
    `https://-aiplatform.googleapis.com${PATH}`,
    `https://aiplatform.a.b.c.googleapis.com${PATH}`,
    `https://aiplatform.googleapis.computer${PATH}`,
    `https://aiplatformxgoogleapis.com${PATH}`,
  ])('does not go to %s', (url) => {
    expect(refuseGoogleToken(url)).toBe(HOST);
  });

  it('goes to a project only, which is what it is for', () => {
    expect(refuseGoogleToken('https://aiplatform.googleapis.com/v1/publishers/google')).toBe(PROJECT);
  });
});
