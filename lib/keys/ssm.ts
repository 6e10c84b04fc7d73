/**
 * Keys from the SSM Parameter Store, and through it from Secrets Manager. The AWS SDK is loaded at the first look-up,
 * so a program whose keys are in its environment never loads it.
 */

import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm';
import { KeyError } from './error.ts';

/** What keys.ts asks of the Parameter Store. */
export interface SsmReader {
  /**
   * The decrypted text of a parameter.
   *
   * @param reference As it is configured, for the error's message.
   * @throws {KeyError} When there is none, or it may not or cannot be read.
   */
  read(name: string, reference: string): Promise<string>;
  /** Ends the look-ups under way; later ones are made as before. */
  close(): void;
}

/** Bounds a look-up: a probe waits for its key, and a tick for its probes. */
const LIMITS: SSMClientConfig = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
};

/** Written out, so that programs are checked without the SDK where they have none. */
export interface SsmSettings {
  region?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  maxAttempts?: number;
}

/** @param settings Of the SDK's client. Default: the SDK's own, two attempts of 2 s. */
export function createSsmReader(settings: SsmSettings = {}): SsmReader {
  let client: SSMClient | null = null;
  let closing = new AbortController();
  return {
    async read(name, reference) {
      const { signal } = closing;
      const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
      client ??= new SSMClient({ ...LIMITS, ...settings });
      try {
        const { Parameter } = await client.send(new GetParameterCommand({ Name: name, WithDecryption: true }), {
          abortSignal: signal,
        });
        return Parameter?.Value ?? '';
      } catch (error) {
        // Neither the message nor the cause is kept: an answer that is no JSON is quoted in them, key included.
        throw new KeyError(`${reference}: ${reasonOf(error)}`);
      }
    },
    close() {
      closing.abort();
      closing = new AbortController();
      client?.destroy();
      client = null;
    },
  };
}

function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  switch (name) {
    case 'ParameterNotFound':
    case 'ParameterVersionNotFound':
      return 'there is no such parameter or secret in this account and region. Create it, or correct the reference';
    case 'AccessDeniedException':
      return 'reading it is denied. Allow ssm:GetParameter on it, for a secret also secretsmanager:GetSecretValue, and kms:Decrypt on its key';
    case 'InvalidKeyId':
      return 'it cannot be decrypted. Allow kms:Decrypt on its key, and see that the key is enabled';
    case 'CredentialsProviderError':
    case 'ExpiredTokenException':
    case 'UnrecognizedClientException':
      return `AWS refuses the credentials (${name}). Set credentials that may read it`;
    case 'ThrottlingException':
      return 'AWS is throttling the look-up; it is made again in a few seconds';
    default:
      if (error instanceof Error && error.message === 'Region is missing') return 'set AWS_REGION to where it is';
      return `AWS did not give it (${name}); it is asked again in a few seconds`;
  }
}
