/**
 * Reads keys from the SSM Parameter Store, and through it from Secrets Manager. The AWS SDK is loaded at the first look-up, so
 * a program that has all keys in its environment never loads it.
 */

import type { SSMClient, SSMClientConfig } from '@aws-sdk/client-ssm';
import { KeyError } from './error.ts';

/** The part of Parameter Store that keys.ts uses. */
export interface SsmReader {
  /**
   * The decrypted text of a parameter.
   *
   * @param reference The reference from the configuration, for the error's message.
   * @throws {KeyError} When the parameter does not exist, or cannot be read.
   */
  read(name: string, reference: string): Promise<string>;
  /** Aborts running look-ups. Later look-ups work as before. */
  close(): void;
}

/** Limits the time of a look-up, because a probe waits for its key and a tick waits for its probes. */
const LIMITS: SSMClientConfig = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
};

/** The settings are typed here, so that a program compiles without the AWS SDK. */
export interface SsmSettings {
  region?: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
  maxAttempts?: number;
}

/** @param settings Settings for the SDK's client. Default: the SDK's own, with two attempts of 2 s each. */
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
        // Leave out the SDK's message and the cause: they can quote the answer, and with it the key.
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
